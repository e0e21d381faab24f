import CZlib
import PipelineModel

/// What a gzip file holds, inflated in pieces; concatenated members follow one another.
public final class GzipSource: ByteSource {
    private let compressed: any ByteSource
    private let file: String
    // zlib keeps a pointer back to the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var withinMember = false
    private var members = 0

    /// - Parameters:
    ///   - compressed: The bytes of the gzip file.
    ///   - file: What messages call it.
    public init(_ compressed: any ByteSource, file: String) throws {
        self.compressed = compressed
        self.file = file
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: 1 << 16, alignment: 16)
        // 16 more than the window's bits asks zlib for the gzip format.
        guard
            inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else {
            throw StileError(
                .inputOutput, "There is no memory for unpacking the file.", at: .init(file: file),
                remedy: "End other programs and run again.")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        input.deallocate()
    }

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(clamping: buffer.count)
        let capacity = Int(stream.pointee.avail_out)
        while stream.pointee.avail_out == UInt32(capacity) {
            if stream.pointee.avail_in == 0 {
                let count = try compressed.read(into: input)
                stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = UInt32(count)
                if count == 0 {
                    guard !withinMember, members > 0 else { throw truncated }
                    return 0
                }
            }
            if !withinMember, members > 0 { try skipPadding() }
            guard stream.pointee.avail_in > 0 else { continue }
            withinMember = true
            switch inflate(stream, Z_NO_FLUSH) {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END:
                withinMember = false
                members += 1
                inflateReset(stream)
            default:
                throw StileError(
                    .input, "The gzip file is damaged.", at: .init(file: file),
                    remedy: "Ask the source to send it again.")
            }
        }
        return capacity - Int(stream.pointee.avail_out)
    }

    /// Tapes and block devices pad a gzip file with zeros after its last member.
    private func skipPadding() throws {
        while stream.pointee.avail_in > 0, stream.pointee.next_in?.pointee == 0 {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
    }

    private var truncated: StileError {
        StileError(
            .input, "The gzip file was cut short: it ends before its last block.",
            at: .init(file: file), remedy: "Ask the source to send it again.")
    }
}
