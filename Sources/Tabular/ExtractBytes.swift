import PipelineModel

/// Opens the text of an extract, unpacked and as UTF-8.
public enum ExtractBytes {
    /// Opens the file at `path`; gzip is told by its first bytes, not by its name.
    ///
    /// - Parameters:
    ///   - path: Where the file lies.
    ///   - file: What messages call the file.
    ///   - encoding: The text encoding of its bytes.
    public static func open(path: String, file: String, encoding: TextEncoding) throws
        -> any ByteSource
    {
        try open(try FileSource(path: path, file: file), file: file, encoding: encoding)
    }

    /// The text that `source` holds.
    public static func open(_ source: any ByteSource, file: String, encoding: TextEncoding) throws
        -> any ByteSource
    {
        var start: [UInt8] = []
        while start.count < 2 {
            var byte: UInt8 = 0
            let count = try withUnsafeMutableBytes(of: &byte) { try source.read(into: $0) }
            if count == 0 { break }
            start.append(byte)
        }
        let isGzip = start == [0x1f, 0x8b]
        if !isGzip, file.hasSuffix(".gz"), !start.isEmpty {
            throw StileError(
                .input, "The file is called .gz and is not a gzip file.", at: .init(file: file),
                remedy: "Ask the source to send it again, or take .gz off its name.")
        }
        var bytes: any ByteSource = PrefixedSource(start, source)
        if isGzip { bytes = try GzipSource(bytes, file: file) }
        switch encoding {
        case .utf8: return bytes
        case .windows1252: return Windows1252Source(bytes)
        }
    }
}
