import Foundation
import Synchronization

/// What one process has verified of a log, so that the next leaf does not ask for the whole log
/// to be read again.
///
/// It is good for as long as the checkpoint is the same, byte for byte, and the file of the
/// leaves has not been touched: every append of another process makes another checkpoint.
final class LogMemory: Sendable {
    private struct Known {
        var checkpoint: [UInt8]
        var leaves: Traces
        var view: LogView
    }

    /// What a file shows of itself without being read.
    private struct Traces: Equatable {
        var inode: UInt64
        var size: Int64
        var changed: [Int]

        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            changed = [
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                status.st_ctim.tv_nsec,
            ]
        }
    }

    private let known = Mutex<Known?>(nil)

    /// The view that was kept; `nil` where the files are not those that it is of.
    func view(checkpoint: String, leaves: String) -> LogView? {
        known.withLock { known in
            guard let kept = known, Traces(leaves) == kept.leaves,
                let now = FileManager.default.contents(atPath: checkpoint),
                now.elementsEqual(kept.checkpoint)
            else { return nil }
            return kept.view
        }
    }

    /// Keeps a view of the files as they are.
    func keep(_ view: LogView, checkpoint: String, leaves: String) {
        known.withLock { known in
            guard let traces = Traces(leaves),
                let note = FileManager.default.contents(atPath: checkpoint)
            else {
                known = nil
                return
            }
            known = Known(checkpoint: Array(note), leaves: traces, view: view)
        }
    }
}
