import Attestation
import ClericalReview
import Hashing
import PipelineModel
import Storage

extension ReviewDesk {
    /// Compares what the database says of reviews, and the files that are there, with the log.
    ///
    /// - Throws: `StileError` with code `integrity` at the first thing that is not as it was.
    func audit(_ view: LogView) throws -> [String] {
        let reviews = try database.reviews()
        guard !reviews.isEmpty else { return [] }
        let entries = view.leaves.map(\.entry)
        func fault(_ problem: String, _ file: String) -> StileError {
            StileError(
                .integrity, "A clerical review is not as the log has it: \(problem).",
                at: .init(file: file),
                remedy: "Restore it from the backup; find out who changed it.")
        }
        var gone = 0
        func check(_ file: String, is digest: ContentDigest) throws {
            guard let bytes = try folder.bytes(file) else {
                gone += 1
                return
            }
            guard ContentDigest.sha256(bytes) == digest else {
                throw fault("the file is another", file)
            }
        }
        for review in reviews {
            try check(folder.request(review.id), is: review.digest)
            for clerk in review.clerks {
                guard entries.contains(Self.begun(clerk.clerk, review)) else {
                    throw fault(
                        "nobody of the id “\(clerk.clerk)” began \(review.id)", database.path)
                }
                guard clerk.finished != nil else { continue }
                let leaf = Self.finished(clerk.clerk, review, try answers(clerk, of: review))
                guard entries.contains(leaf) else {
                    throw fault(
                        "the answers of “\(clerk.clerk)” to \(review.id) are not those that were given",
                        database.path)
                }
            }
            guard let digest = review.answered else { continue }
            guard entries.contains(Self.answered(review, digest)) else {
                throw fault("other answers to \(review.id) were handed over", database.path)
            }
            try check(folder.answers(review.id), is: digest)
        }
        let clerks = reviews.reduce(0) { $0 + $1.clerks.count { $0.finished != nil } }
        return [
            "reviews: \(reviews.count), with the answers of \(clerks) clerks, each as its leaf has them"
                + (gone > 0 ? "; \(gone) files not there any more" : "")
        ]
    }
}
