/// `check.py`: checks a model's folder on a machine without Stile.
enum CheckScript {
    static let text = #"""
        #!/usr/bin/env python3
        """Checks a model's folder that Stile wrote. Needs Python 3 and nothing else.

        usage: python3 check.py [FOLDER]        (the folder of this file by default)

        It looks at every digest of manifest.json, works out every row of test-pack.csv from
        equation.json and again from model.pmml, and compares the sums and probabilities with
        those that the pack states, to 1e-12 (relative to the larger of 1 and the sum for a sum,
        and of that times the probability for a probability). Exit status: 0 where all agrees,
        1 where something does not; then a sentence says what.

        The manifest says that files belong together, not who wrote them: compare its own
        SHA-256, printed first, with the one that the service publishes.
        """
        import csv
        import hashlib
        import io
        import json
        import math
        import os
        import sys
        import xml.etree.ElementTree as ElementTree

        TOLERANCE = 1e-12
        NAMESPACE = "{http://www.dmg.org/PMML-4_4}"


        class Fault(Exception):
            """Something that keeps the check from going on."""


        def read(folder, name):
            try:
                with open(os.path.join(folder, *name.split("/")), "rb") as file:
                    return file.read()
            except OSError:
                raise Fault("The file %s is missing or cannot be read." % name)


        def read_json(folder, name):
            try:
                return json.loads(read(folder, name).decode("utf-8"))
            except ValueError:
                raise Fault("The file %s is not JSON." % name)


        def probability(total):
            small = math.exp(-abs(total))
            return 1 / (1 + small) if total >= 0 else small / (1 + small)


        def check_manifest(folder, faults):
            """Every file of the manifest, with whether it is what was written."""
            own = hashlib.sha256(read(folder, "manifest.json")).hexdigest()
            manifest = read_json(folder, "manifest.json")
            print("%s, version %s, written by Stile %s" % (
                manifest["model"], manifest["version"], manifest["stile"]))
            print("manifest.json has the SHA-256 %s\n" % own)
            named = set()
            for entry in manifest["files"]:
                named.add(entry["name"])
                try:
                    found = hashlib.sha256(read(folder, entry["name"])).hexdigest()
                except Fault as fault:
                    state = "missing"
                    faults.append(str(fault))
                else:
                    state = "ok" if found == entry["sha256"] else "changed"
                    if state == "changed":
                        faults.append(
                            "The file %s is not what the manifest says." % entry["name"])
                print("  %-28s %s... %s" % (entry["name"], entry["sha256"][:16], state))
            for place, folders, files in sorted(os.walk(folder)):
                for file in sorted(files):
                    name = os.path.relpath(os.path.join(place, file), folder).replace(os.sep, "/")
                    if name != "manifest.json" and name not in named:
                        print("  %-28s %s" % (name, "not in the manifest"))
                        faults.append("The file %s is not in the manifest." % name)
            return manifest


        def check_equation(folder, manifest, faults):
            """The equation as (intercept, [(name, coefficient)])."""
            stored = read_json(folder, "equation.json")
            if stored["link"] != "logit":
                raise Fault("The link of equation.json is not logit.")
            if stored["specification"] != manifest["specification"]:
                faults.append("equation.json is of another specification than the manifest.")
            terms = [(term["name"], float(term["coefficient"])) for term in stored["terms"]]
            if os.path.exists(os.path.join(folder, "coefficients.json")):
                fit = read_json(folder, "coefficients.json")
                fitted = [(term["name"], float(term["coefficient"])) for term in fit["terms"]
                          if term.get("coefficient") is not None]
                if sorted(fitted) != sorted(terms) or fit["intercept"] != stored["intercept"]:
                    faults.append("coefficients.json and equation.json are not the same equation.")
                check_errors(fit, faults)
            return float(stored["intercept"]), terms


        def check_errors(fit, faults):
            """Whether each standard error is the root of its place on the covariance's diagonal."""
            for matrix, intercept_key, key in (
                    ("covariance", "intercept_standard_error", "standard_error"),
                    ("clustered_covariance", "clustered_intercept_standard_error",
                     "clustered_standard_error")):
                values, names = fit.get(matrix) or [], fit.get("parameters") or []
                stated = {term["name"]: term.get(key) for term in fit["terms"]}
                if not values:
                    if any(value is not None for value in stated.values()):
                        faults.append(
                            "coefficients.json has standard errors without their covariance.")
                    continue
                order = len(names)
                if len(values) != order * order:
                    faults.append("The %s of coefficients.json is not a square of the parameters."
                                  % matrix.replace("_", " "))
                    continue
                for place, name in enumerate(names):
                    error = fit.get(intercept_key) if place == 0 else stated.get(name)
                    # The error of an intercept that was fitted again is not stated.
                    if place == 0 and error is None:
                        continue
                    root = math.sqrt(max(values[place * order + place], 0.0))
                    if error is None or not abs(error - root) <= TOLERANCE * root:
                        faults.append("The standard error of %s is not that of its covariance."
                                      % name)


        def check_pmml(folder):
            """The equation of model.pmml, read from it alone."""
            try:
                root = ElementTree.fromstring(read(folder, "model.pmml"))
            except ElementTree.ParseError:
                raise Fault("The file model.pmml is not well-formed XML.")
            model = root.find(NAMESPACE + "RegressionModel")
            if root.get("version") != "4.4" or model is None:
                raise Fault("The file model.pmml is not a regression in PMML 4.4.")
            if (model.get("functionName"), model.get("normalizationMethod")) != (
                    "classification", "logit"):
                raise Fault("The file model.pmml is not a logistic regression.")
            tables = {table.get("targetCategory"): table
                      for table in model.findall(NAMESPACE + "RegressionTable")}
            if set(tables) != {"0", "1"} or len(tables["0"]) or float(tables["0"].get("intercept")):
                raise Fault("The tables of model.pmml are not those of 1 and 0.")
            terms = []
            for predictor in tables["1"]:
                if (predictor.tag != NAMESPACE + "NumericPredictor"
                        or predictor.get("exponent", "1") != "1"):
                    raise Fault("The file model.pmml has a predictor that is no plain term.")
                terms.append((predictor.get("name"), float(predictor.get("coefficient"))))
            return float(tables["1"].get("intercept")), terms


        def check_rows(folder):
            """The rows of the test pack: name, values by column, expected sum and probability."""
            text = read(folder, "test-pack.csv").decode("utf-8")
            rows = []
            for row in csv.DictReader(io.StringIO(text, newline="")):
                name = row.pop("row")
                total = float(row.pop("linear_predictor"))
                chance = float(row.pop("probability"))
                rows.append((name, {key: float(value) for key, value in row.items()}, total, chance))
            if not rows:
                raise Fault("The file test-pack.csv has no row.")
            return rows


        def compare(source, equation, rows, faults):
            """Works out every row and compares; prints the largest difference."""
            intercept, terms = equation
            largest, worst = 0.0, rows[0][0]
            for name, values, expected_total, expected_chance in rows:
                if set(values) != set(term for term, _ in terms):
                    raise Fault("The columns of test-pack.csv are not the terms of %s." % source)
                total = intercept
                for term, coefficient in terms:
                    total += coefficient * values[term]
                chance = probability(total)
                scale = max(1.0, abs(expected_total))
                difference = abs(total - expected_total) / scale
                if expected_chance > 0:
                    difference = max(
                        difference, abs(chance - expected_chance) / (scale * expected_chance))
                elif chance > 0:
                    difference = math.inf
                if not difference <= largest:
                    largest, worst = difference, name
            print("  %-28s %d rows, largest relative difference %.3g (row %s)" % (
                source, len(rows), largest, worst))
            if not largest <= TOLERANCE:
                faults.append(
                    "Row %s of test-pack.csv does not have the score that %s gives." % (
                        worst, source))


        def main(arguments):
            folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
            faults = []
            try:
                manifest = check_manifest(folder, faults)
                equation = check_equation(folder, manifest, faults)
                rows = check_rows(folder)
                print("")
                compare("equation.json", equation, rows, faults)
                compare("model.pmml", check_pmml(folder), rows, faults)
            except Fault as fault:
                faults.append(str(fault))
            except (KeyError, TypeError, ValueError, UnicodeDecodeError) as fault:
                faults.append(
                    "A file of the folder is not as Stile writes it (%s)." % type(fault).__name__)
            print("")
            for fault in dict.fromkeys(faults):
                print(fault)
            if not faults:
                print("All agrees.")
            return 1 if faults else 0


        if __name__ == "__main__":
            sys.exit(main(sys.argv[1:]))

        """#
}
