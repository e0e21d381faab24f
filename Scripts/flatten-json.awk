# Prints each scalar of a JSON document as its path and its value, a tab between: model.terms.0<TAB>age.
# Escapes within strings stay as they are written.

{ text = text $0 "\n" }

END {
    position = 1
    value("")
}

function skip() {
    while (index(" \t\r\n", substr(text, position, 1)) && position <= length(text)) position++
}

function quoted(  start) {
    start = ++position
    while (substr(text, position, 1) != "\"") {
        if (substr(text, position, 1) == "\\") position++
        position++
    }
    position++
    return substr(text, start, position - start - 1)
}

function below(path, name) { return path == "" ? name : path "." name }

function value(path,  opening, name, count, start) {
    skip()
    opening = substr(text, position, 1)
    if (opening == "{" || opening == "[") {
        position++
        for (count = 0; ; count++) {
            skip()
            if (index("}]", substr(text, position, 1))) break
            if (substr(text, position, 1) == ",") { position++; skip() }
            name = count
            if (opening == "{") {
                name = quoted()
                skip()
                position++
            }
            value(below(path, name))
        }
        position++
    } else if (opening == "\"") {
        print path "\t" quoted()
    } else {
        start = position
        while (index("+-.0123456789abcdefghijklmnopqrstuvwxyzE", substr(text, position, 1)) && position <= length(text)) position++
        print path "\t" substr(text, start, position - start)
    }
}
