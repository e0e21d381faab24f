import Foundation

/// Base64 of RFC 4648 in its one form: padded, without newlines, trailing bits zero.
public enum CanonicalBase64 {
    public static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// The bytes; `nil` unless encoding them again gives the same text.
    public static func decode(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text),
            data.base64EncodedString().utf8.elementsEqual(text.utf8)
        else { return nil }
        return Array(data)
    }
}
