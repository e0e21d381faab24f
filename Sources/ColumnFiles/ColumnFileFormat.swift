import Foundation
import PipelineModel

/// The layout of a column file.
///
/// `STILECOL`, a little-endian 64-bit header length, the header as JSON with
/// sorted keys, padding to 64 bytes, then each column's bytes, each padded to
/// 64 bytes. Numbers are little-endian. The same table gives the same bytes on
/// every machine, so that its digest names it.
enum ColumnFileFormat {
    static let magic = Array("STILECOL".utf8)
    static let alignment = 64

    struct Header: Codable, Equatable {
        var attributes: [String: String]
        var columns: [ColumnHeader]
        var rows: Int
        var schema: String
        var version: Int
    }

    struct ColumnHeader: Codable, Equatable {
        var kind: String
        var name: String
        /// The sizes in bytes of the column's parts, in order.
        var parts: [Int]
        /// The vocabulary of a `code` column.
        var vocabulary: [String]?
        /// The bytes a row of a `fixed` column.
        var width: Int?
    }

    static func padding(after size: Int) -> Int { (alignment - size % alignment) % alignment }
}
