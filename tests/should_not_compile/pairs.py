#!/usr/bin/env python3
"""A pair of state and command, or of state and event, that nobody wrote a rule for does not compile, in
any aggregate. Each one's own rules are compiled three times, with one more command, event or state in a
copy of the header that lists them: every time the compiler must refuse, at the rules, because of the new
one. Without a change they must compile; and a rule for everything must let the new one through, which
proves that the names in the rules are what stops it.

usage: pairs.py --compiler CXX [AGGREGATE ...]"""
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
# A journal takes every fact: it has no rules and one state.
WITHOUT_RULES = {"Journal"}
KINDS = ("Command", "Event", "State")
NEW = """struct New%s {
    static constexpr std::string_view type = "new.alternative";
    friend bool operator==(const New%s&, const New%s&) = default;
};
"""


class Aggregate:
    """One decider: the file of its rules and, for each kind, the header and the name of the list."""

    def __init__(self, header, name, text):
        self.name, self.rules = name, header[:-2] + ".cc"
        self.folder = os.path.dirname(header)
        body = re.search(r"\nstruct %s : .*?\n};" % name, text, re.S).group()
        self.lists = {}
        for kind in KINDS:
            using = re.search(r"using %s = (\w+::)?(\w+);" % kind, body)
            self.lists[kind] = using.group(2) if using else kind

    def headers(self):
        return sorted(glob.glob(f"{self.folder}/*.h"))

    def with_new(self, kind):
        """The header that lists this kind, and its text with one more."""
        pattern = re.compile(r"using %s =\s*std::variant<" % self.lists[kind])
        for header in self.headers():
            with open(header, encoding="utf-8") as file:
                text = file.read()
            if pattern.search(text):
                new = NEW % (kind, kind, kind)
                return header, pattern.sub(lambda m: f"{new}{m.group()}New{kind}, ", text)
        raise SystemExit(f"{self.name}: no header lists {self.lists[kind]}")


def aggregates():
    for header in sorted(glob.glob("aggregates/*/*.h")):
        with open(header, encoding="utf-8") as file:
            text = file.read()
        for name in re.findall(r"static_assert\(Decider<(\w+)>\)", text):
            if name not in WITHOUT_RULES:
                yield Aggregate(header, name, text)


def compile_rules(compiler, aggregate, changed):
    """The compiler's status and words, with these files in the place of the real ones."""
    with tempfile.TemporaryDirectory() as folder:
        for header, text in changed.items():
            path = os.path.join(folder, header)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        rules = os.path.join(folder, aggregate.rules)
        ran = subprocess.run([compiler, "-std=c++23", "-fsyntax-only", f"-I{folder}", "-I.",
                              rules if aggregate.rules in changed else aggregate.rules],
                             capture_output=True, text=True, check=False)
        return ran.returncode, ran.stderr


def error_of(compiler, aggregate, kind):
    """What is wrong with how the compiler took the new one, or nothing."""
    if kind is None:
        status, words = compile_rules(compiler, aggregate, {})
        return f"{aggregate.name} does not compile as it is:\n{words}" if status else ""
    status, words = compile_rules(compiler, aggregate, dict([aggregate.with_new(kind)]))
    if not status:
        return f"{aggregate.name} compiles with a new {kind.lower()} that no rule knows"
    if f"New{kind}" not in words or f"{aggregate.rules}:" not in words:
        return f"{aggregate.name} with a new {kind.lower()} fails for another reason:\n{words}"
    return ""


def self_test(compiler, payment):
    """A payment with a rule for everything takes a command that nobody thought of."""
    with open(payment.rules, encoding="utf-8") as file:
        rules = file.read()
    for_all = "return match(state, command)(\n[](const auto&, const auto&) { return unchanged(); },"
    changed = dict([payment.with_new("Command")])
    changed[payment.rules] = rules.replace("return match(state, command)(", for_all, 1)
    status, words = compile_rules(compiler, payment, changed)
    return [f"a rule for everything does not take everything:\n{words}"] if status else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    os.chdir(ROOT)
    found = [a for a in aggregates() if not asked.names or a.name in asked.names]
    cases = [(a, kind) for a in found for kind in (None, *KINDS)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [e for e in pool.map(lambda case: error_of(asked.compiler, *case), cases) if e]
    if not asked.names:
        wrong += self_test(asked.compiler, next(a for a in found if a.name == "Payment"))
        wrong += [f"only {len(found)} aggregates were found"] if len(found) < 17 else []
    print(*wrong, f"{len(found)} aggregates, {len(cases)} compilations, {len(wrong)} wrong", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
