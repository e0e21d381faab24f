/// How an interval is made.
public enum IntervalMethod: String, Codable, Sendable, CaseIterable {
    /// DeLong's standard error of an area, of rows that stand alone.
    case deLong = "delong"
    /// Wilson's interval of a share, of rows that stand alone.
    case wilson
    /// The standard error from the information of a fit, of rows that stand alone.
    case modelBased = "model_based"
    /// Obuchowski's standard error of an area, by clusters (`ClusteredAreas`).
    case clusteredDeLong = "clustered_delong"
    /// Wilson's interval on the effective size that Rao and Scott's design effect leaves
    /// (`ListTally`).
    case clusteredWilson = "clustered_wilson"
    /// The standard error of a fit by clusters (`ClusterSandwich`).
    case clusterSandwich = "cluster_sandwich"
    /// Quantiles over draws of whole clusters (``ClusterBootstrap``).
    case bootstrap

    /// The method in words.
    public var words: String {
        switch self {
        case .deLong: "DeLong"
        case .wilson: "Wilson"
        case .modelBased: "model-based error"
        case .clusteredDeLong: "DeLong by clusters"
        case .clusteredWilson: "Wilson by clusters"
        case .clusterSandwich: "sandwich by clusters"
        case .bootstrap: "bootstrap"
        }
    }
}
