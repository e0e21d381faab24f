import Modelling
import Testing

struct EffectiveRowsTests {
    // R: i <- 0:59; cl <- i %/% 3; cl[i >= 45] <- 15 + i[i >= 45] %% 5
    //    y <- as.numeric((i * 7) %% 11 < 4 | cl %% 4 == 0); m <- table(cl)
    //    a <- anova(lm(y ~ factor(cl)))$`Mean Sq`; m0 <- (60 - sum(m^2) / 60) / 19
    //    r <- (a[1] - a[2]) / (a[1] + (m0 - 1) * a[2]); d <- 1 + (sum(m^2) / 60 - 1) * r; 60 / d
    @Test func theCorrelationIsThatOfAnAnalysisOfVariance() {
        let rows = Array(0..<60)
        let clusters = rows.map { $0 < 45 ? $0 / 3 : 15 + $0 % 5 }
        let outcome = rows.map { $0 * 7 % 11 < 4 || clusters[$0] % 4 == 0 ? 1.0 : 0 }
        let found = EffectiveRows(clusters: clusters, outcome: outcome)
        #expect(agree(found.intraclassCorrelation, 0.08381171067738206, to: 1e-12))
        #expect(agree(found.designEffect, 1.167623421354764, to: 1e-12))
        #expect(found.rows == 60 && found.clusters == 20)
        #expect(found.byDesignEffect == 51 && found.effective == 20)
    }

    /// Two clusters of very different size: the design effect is the stricter.
    @Test func theSmallerOfTheTwoCounts() {
        let clusters = (0..<110).map { $0 < 100 ? 0 : $0 - 99 }
        let outcome = clusters.map { $0 == 0 || $0 > 8 ? 1.0 : 0 }
        let found = EffectiveRows(clusters: clusters, outcome: outcome)
        #expect(found.clusters == 11 && found.intraclassCorrelation > 0.9)
        #expect(found.byDesignEffect < 11 && found.effective == found.byDesignEffect)
    }

    @Test func copiesOfARowAreOne() {
        let found = EffectiveRows(
            clusters: (0..<80).map { $0 / 4 }, outcome: (0..<80).map { $0 / 4 % 2 == 0 ? 1 : 0 })
        #expect(found.intraclassCorrelation == 1 && found.designEffect == 4)
        #expect(found.byDesignEffect == 20 && found.effective == 20)
    }

    @Test func rowsThatStandAloneAreAsManyAsTheyAre() {
        let alone = EffectiveRows(clusters: Array(0..<9), outcome: (0..<9).map { Double($0 % 2) })
        #expect(alone.effective == 9 && alone.designEffect == 1)
        // Less alike than chance within a cluster: no more than the rows.
        let mixed = EffectiveRows(
            clusters: (0..<60).map { $0 / 3 }, outcome: (0..<60).map { $0 % 3 == 0 ? 1 : 0 })
        #expect(mixed.intraclassCorrelation == 0 && mixed.byDesignEffect == 60)
    }

    @Test(arguments: [
        ([], []), ([0], [1]), ([0, 0, 0], [1, 0, 1]), ([0, 0, 1, 1], [1, 1, 1, 1]),
    ])
    func whatHasNoVarianceHasNoCorrelation(clusters: [Int], outcome: [Double]) {
        let found = EffectiveRows(clusters: clusters, outcome: outcome)
        #expect(found.intraclassCorrelation == 0 && found.designEffect == 1)
        #expect(found.byDesignEffect == clusters.count)
        #expect(found.clusters == Set(clusters).count)
    }

    @Test func otherRowsTakeTheCorrelationOfTheFit() {
        let test = EffectiveRows(clusters: [0, 0, 1, 1, 2, 2], correlation: 0.5)
        #expect(test.designEffect == 1.5 && test.byDesignEffect == 4 && test.effective == 3)
        // Three clusters are too few to count as more than themselves.
        #expect(test.effectiveForTest == 3)
        let many = EffectiveRows(clusters: (0..<60).map { $0 / 2 }, correlation: 0.5)
        #expect(many.effective == 30 && many.effectiveForTest == 40)
        let copies = EffectiveRows(clusters: (0..<60).map { $0 / 2 }, correlation: 1)
        #expect(copies.effectiveForTest == 30)
    }
}
