"""The planted mistakes: each NAME.patch says in its head which test program must turn red, and by
which tests; below stands the change, as `git diff` writes it."""
import fnmatch
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HEAD = re.compile(r"program: (?P<program>\w+)\nfilter: (?P<filter>\S+)\n\n(?P<change>(diff --git|---) a/.*)",
                  re.DOTALL)
TEST = re.compile(r"^(TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)"
                  r"\(\s*(\w+)\s*,\s*(\w+)", re.MULTILINE)
SUITES = re.compile(r"^INSTANTIATE_TEST_SUITE_P\(\s*(\w+)\s*,\s*(\w+)", re.MULTILINE)


class Mutant:
    def __init__(self, name, text):
        head = HEAD.fullmatch(text)
        if not head:
            raise ValueError("the file must begin with the lines \"program: PROGRAM\" and \"filter: FILTER\","
                             " a blank line and the change, as git diff writes it")
        self.name, self.change = name, head["change"]
        self.program, self.filter = head["program"], head["filter"]

    def files(self):
        return sorted(set(re.findall(r"^--- a/(\S+)", self.change, re.MULTILINE)))

    def apply(self, root, only_check=False):
        """Changes the tree at `root`; what git says when that fails, otherwise nothing."""
        # Nothing above the tree is its repository: git would leave out what lies elsewhere.
        env = os.environ | {"GIT_CEILING_DIRECTORIES": os.path.dirname(root)}
        command = ["git", "apply", *(["--check"] if only_check else []), "-"]
        done = subprocess.run(command, cwd=root, env=env, input=self.change, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.stdout.strip() if done.returncode else ""


def names():
    return sorted(f.removesuffix(".patch") for f in os.listdir(HERE) if f.endswith(".patch"))


def load(name):
    with open(os.path.join(HERE, name + ".patch"), encoding="utf-8") as file:
        return Mutant(name, file.read())


def programs():
    """The names of the tests in each test program, as the sources have them."""
    with open(os.path.join(ROOT, "tests/CMakeLists.txt"), encoding="utf-8") as file:
        folders = re.findall(r"^yeyak_test\((\w+) ([\w/-]+)", file.read(), re.MULTILINE)
    return {name: test_names(os.path.join(ROOT, "tests", folder)) for name, folder in folders}


def test_names(folder):
    text = ""
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.name.endswith(".cc"):
            with open(entry.path, encoding="utf-8") as file:
                text += file.read()
    instances = [(suite, instance) for instance, suite in SUITES.findall(text)]
    found = []
    for macro, suite, name in TEST.findall(text):
        if macro == "TEST_P":
            found += [f"{instance}/{suite}.{name}/0" for s, instance in instances if s == suite]
        elif macro == "TYPED_TEST":
            found.append(f"{suite}/0.{name}")
        else:
            found.append(f"{suite}.{name}")
    return found


def why_not(mutant, root, tests_of):
    """What is wrong with a mutant, as far as that is seen without building it."""
    if mutant.program not in tests_of:
        return f"there is no test program {mutant.program} (tests/CMakeLists.txt)"
    if not any(fnmatch.fnmatchcase(t, mutant.filter) for t in tests_of[mutant.program]):
        return f"no test of {mutant.program} is called {mutant.filter}"
    return mutant.apply(root, only_check=True)
