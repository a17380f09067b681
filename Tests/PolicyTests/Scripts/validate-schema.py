#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# usage: validate-schema.py SCHEMA VALID-DIRECTORY INVALID-FILE...
#
# Checks the schema itself, that every document of the valid files agrees with it, and that no invalid file does. Prints
# what is wrong; the status is 0 when nothing is.
import json
import sys
from pathlib import Path

import jsonschema
import yaml


def documents(path):
    with open(path, encoding="utf-8") as file:
        return [document for document in yaml.safe_load_all(file) if document is not None]


def problems(schema_path, valid, invalid):
    schema = json.loads(Path(schema_path).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    files = sorted(path for path in Path(valid).iterdir() if path.suffix in (".yaml", ".json"))
    if not files:
        yield f"{valid}: no policy files"
    for path in files:
        for document in documents(path):
            for error in validator.iter_errors(document):
                yield f"{path}: {error.json_path}: {error.message[:300]}"
    for path in invalid:
        if all(validator.is_valid(document) for document in documents(path)):
            yield f"{path}: agrees with the schema"


def main(arguments):
    if len(arguments) < 2:
        print("usage: validate-schema.py SCHEMA VALID-DIRECTORY INVALID-FILE...", file=sys.stderr)
        return 2
    found = list(problems(arguments[0], arguments[1], arguments[2:]))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
