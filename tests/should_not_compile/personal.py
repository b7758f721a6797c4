#!/usr/bin/env python3
"""A personal field that is a plain text does not compile, in any contract. Each header that has sealed
fields is compiled with its system's codec, once as it is and once with plain texts in their place: then
the compiler must refuse every event, command, effect and state that has one, because of that.

usage: personal.py --compiler CXX [HEADER ...]"""
import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
KEPT = re.compile(r"\b(Sealed|CardToken)( \w+;)")
RULE = "a field that is about a person is Sealed"


def structs_with_kept_fields(text):
    for name, body in re.findall(r"\nstruct (\w+) \{(.*?)\n\};", text, re.S):
        if KEPT.search(body) and "std::string_view type" in body:
            yield name


def compile_codec(compiler, codec, header=None, text=""):
    with tempfile.TemporaryDirectory() as folder:
        if header:
            path = os.path.join(folder, header)
            os.makedirs(os.path.dirname(path))
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        ran = subprocess.run([compiler, "-std=c++23", "-fsyntax-only", "-ferror-limit=0",
                              f"-I{folder}", "-I.", codec], capture_output=True, text=True,
                             check=False)
        return ran.returncode, ran.stderr


def errors_of(compiler, header):
    codec = os.path.join(os.path.dirname(header), "codec.cc")
    with open(header, encoding="utf-8") as file:
        text = file.read()
    status, words = compile_codec(compiler, codec)
    if status:
        return [f"{codec} does not compile as it is:\n{words}"]
    _, words = compile_codec(compiler, codec, header, KEPT.sub(r"std::string\2", text))
    return [f"{header}: {name} compiles with a personal field that is a plain text"
            for name in structs_with_kept_fields(text)
            if not re.search(RULE + r".*?Kept<[\w:]*\b%s>" % name, words, re.S)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("headers", nargs="*")
    asked = parser.parse_args()
    os.chdir(ROOT)
    found = asked.headers
    if not found:
        for header in sorted(glob.glob("aggregates/*/*.h")):
            with open(header, encoding="utf-8") as file:
                if any(structs_with_kept_fields(file.read())):
                    found.append(header)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = sum(pool.map(lambda header: errors_of(asked.compiler, header), found), [])
    if not asked.headers and len(found) < 10:
        wrong.append(f"only {len(found)} headers were found")
    print(*wrong, f"{len(found)} headers, {len(wrong)} wrong", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
