# Linkage against a truth, by pairs of subjects of different sources.
#
# awk -f pair-quality.awk twins.txt truth.txt spine.csv
#   twins.txt   person, person: true people who are twins (may be empty)
#   truth.txt   subject pseudonym, source, true person
#   spine.csv   what `stile link --export` wrote: subject,person,source with a header
# Prints one line: precision, recall, F1, true pairs, linked pairs, false pairs, false pairs of twins.
# Pairs are counted, not listed: n(n-1)/2 of a person less those within a source.

FILENAME == ARGV[1] { twin[$1] = $2; next }
FILENAME == ARGV[2] { source[$1] = $2; truth[$1] = $3; next }
FNR > 1 {
    split($0, field, ",")
    if (!(field[1] in truth)) next
    person = field[2]
    true_person = truth[field[1]]
    from = source[field[1]]
    of_truth[true_person]++
    of_truth_in[true_person, from]++
    of_person[person]++
    of_person_in[person, from]++
    if (!((person, true_person) in both)) mixed[person] = mixed[person] " " true_person
    both[person, true_person]++
    both_in[person, true_person, from]++
    sources[from] = 1
}

function pairs(count) { return count * (count - 1) / 2 }

END {
    for (key in of_truth) true_pairs += pairs(of_truth[key])
    for (key in of_truth_in) true_pairs -= pairs(of_truth_in[key])
    for (key in of_person) linked += pairs(of_person[key])
    for (key in of_person_in) linked -= pairs(of_person_in[key])
    for (key in both) right += pairs(both[key])
    for (key in both_in) right -= pairs(both_in[key])
    for (person in mixed) {
        count = split(mixed[person], who, " ")
        for (i = 1; i < count; i++) for (j = i + 1; j <= count; j++) {
            if (twin[who[i]] != who[j] && twin[who[j]] != who[i]) continue
            of_twins += both[person, who[i]] * both[person, who[j]]
            for (from in sources)
                of_twins -= both_in[person, who[i], from] * both_in[person, who[j], from]
        }
    }
    precision = linked > 0 ? right / linked : 0
    recall = true_pairs > 0 ? right / true_pairs : 0
    f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    printf "%.6f %.6f %.6f %d %d %d %d\n", precision, recall, f1, true_pairs, linked, linked - right, of_twins
}
