import ColumnFiles
import Foundation
import NightRun
import PipelineModel
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct CrashTests {
    private func small() throws -> (TemporaryFolder, SmallNight) {
        let folder = TemporaryFolder("night")
        try folder.write("one,two,three\n", to: "drop/a.csv")
        return (folder, SmallNight(folder: folder.path))
    }

    /// What an undisturbed night leaves, and how many writes it makes.
    private func reference() throws -> (state: [String], writes: Int) {
        let (_folder, night) = try small()
        let counting = FaultyFileSystem(failingAt: .max, .once)
        try night.run(night.context(counting))
        let state = try night.state()
        withExtendedLifetime(_folder) {}
        return (state, counting.writes)
    }

    @Test(arguments: [FaultyFileSystem.Way.once, .fromThenOn, .half, .after])
    func aFaultAtAnyWriteIsMendedByTheNextRun(_ way: FaultyFileSystem.Way) throws {
        let (state, writes) = try reference()
        // Two column files, one batch, two moves and the page.
        #expect(writes == 6)
        for number in 1...writes {
            let (_folder, night) = try small()
            let found = fault {
                try night.run(night.context(FaultyFileSystem(failingAt: number, way)))
            }
            #expect(found?.message == "Injected.", "write \(number)")
            let record = try night.run(night.context())
            #expect(record.state == .finished, "write \(number)")
            #expect(try night.state() == state, "write \(number)")
            withExtendedLifetime(_folder) {}
        }
    }

    @Test func aKillAtAnyWriteIsMendedByTheNextRun() async throws {
        let (state, writes) = try reference()
        for number in 1...writes {
            let (_folder, night) = try small()
            let path = folderPath(_folder)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, number = number as Int] in
                let night = SmallNight(folder: path)
                try night.run(night.context(FaultyFileSystem(failingAt: number, .kill)))
            }
            try night.run(night.context())
            #expect(try night.state() == state, "write \(number)")
            let database = try ZoneDatabase(path: path + "/source.sqlite", zone: .source)
            let states = try database.runs().map { try database.run($0)?.state }
            // The page is written after the end of the run is in the record.
            #expect(states.contains(number == writes ? .finished : .killed), "write \(number)")
        }
    }

    private func folderPath(_ folder: TemporaryFolder) -> String { folder.path }

    @Test func aSignalBetweenAnyTwoStepsIsMendedByTheNextRun() throws {
        let (state, _) = try reference()
        var finished = false
        var number = 0
        while !finished {
            number += 1
            let (_folder, night) = try small()
            let interruption = Interruption()
            let count = Mutex(0)
            let context = try night.context(interruption: interruption) { [number] _ in
                count.withLock { $0 += 1 }
                if count.withLock({ $0 }) == number { interruption.request(SIGINT) }
            }
            let found = fault { try night.run(context) }
            finished = count.withLock { $0 } < number
            if found != nil {
                #expect(found?.code == .interrupted)
                #expect(found?.message == "The run was stopped by SIGINT.")
                let runs = try context.database.runs()
                #expect(try context.database.run(runs[0])?.state == .interrupted)
            }
            try night.run(night.context())
            #expect(try night.state() == state, "step \(number)")
            withExtendedLifetime(_folder) {}
        }
        #expect(number > 4)
    }
}
