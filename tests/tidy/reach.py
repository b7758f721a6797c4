"""What a file may not see, however many includes of the repository lie between. A header that brings
in RocksDB is compiled by everybody who sees a view, and lets them use what they should not know of."""
import re

# (who, what is out of their reach). Names of the repository and of libraries alike.
OUT_OF_REACH = (
    (r"(kernel|aggregates|projections|api|server|demo|audit/(proofs|trail))/(?!runner/view_(store|moment))",
     r"rocksdb/"),
    (r"eventstore/((staging|memory_store|event|event_store|filter|record|bytes|rocks_store)\.h|event_json)",
     r"rocksdb/"),
    (r"(privacy|audit/backup)/\w+\.h", r"rocksdb/"),
    (r"(kernel/(?!edge/)|eventstore/|aggregates/|projections/|audit/|privacy/)", r"boost/(asio|beast)|netinet/|sys/socket"),
    (r"(kernel/(?!edge/)|aggregates/|projections/|audit/proofs/)",
     r"kernel/edge/|eventstore/(rocks|witness|data_folder|log_checks)"),
    (r"api/http/", r"simdjson"),
)

# A tree of files, whose first one is looked at, and what must be found to be reached, or None.
SAMPLES = (
    ({"projections/a/a.cc": '#include "projections/b.h"', "projections/b.h": "#include <rocksdb/db.h>"},
     "rocksdb/db.h"),
    ({"projections/a/a.cc": '#include "projections/b.h"', "projections/b.h": '#include "eventstore/c.h"',
      "eventstore/c.h": '#include "eventstore/d.h"', "eventstore/d.h": "#include <rocksdb/options.h>"},
     "rocksdb/options.h"),
    ({"aggregates/a/a.h": '#include "kernel/b.h"', "kernel/b.h": '#include "kernel/edge/clock.h"'},
     "kernel/edge/clock.h"),
    ({"aggregates/a/a.h": '#include "eventstore/b.h"', "eventstore/b.h": '#include "eventstore/witness.h"'},
     "eventstore/witness.h"),
    ({"audit/backup/a.cc": '#include "kernel/b.h"', "kernel/b.h": "#include <boost/asio/post.hpp>"},
     "boost/asio/post.hpp"),
    ({"api/routes/a.cc": '#include "server/b.h"', "server/b.h": '#include "eventstore/rocks_store.h"',
      "eventstore/rocks_store.h": "#include <rocksdb/db.h>"}, "rocksdb/db.h"),
    ({"api/http/a.h": '#include "api/http/b.h"', "api/http/b.h": "#include <simdjson.h>"}, "simdjson.h"),
    ({"eventstore/rocks_store.h": '#include "eventstore/a.h"', "eventstore/a.h": "#include <rocksdb/db.h>"},
     "rocksdb/db.h"),
    ({"privacy/a.h": '#include "privacy/b.h"', "privacy/b.h": "#include <rocksdb/slice.h>"},
     "rocksdb/slice.h"),
    # Circles end; what only the included file's own readers must not see is not looked at.
    ({"projections/a/a.cc": '#include "projections/b.h"', "projections/b.h": '#include "projections/c.h"',
      "projections/c.h": '#include "projections/b.h"'}, None),
    ({"projections/runner/view_store.cc": '#include "projections/b.h"\n#include <rocksdb/db.h>',
      "projections/b.h": "#include <map>"}, None),
    ({"projections/a/a.cc": '#include "projections/b.h"', "projections/b.h": "// #include <rocksdb/db.h>",
      "projections/b.cc": "#include <rocksdb/db.h>"}, None),
    ({"replay-tools/a.cc": '#include "eventstore/b.h"', "eventstore/b.h": "#include <rocksdb/db.h>"}, None),
)


def includes_of(text):
    return [(line, found.group(1)) for line, found in
            ((number, re.match(r'#include ["<]([^">]+)[">]', line))
             for number, line in enumerate(text.split("\n"), 1)) if found]


def way_to(path, banned, includes):
    """The shortest way of includes from a file to one that it may not see, and the line it begins at."""
    ways, seen = [(line, (name,)) for line, name in includes.get(path, ())], {path}
    for line, way in ways:  # grows
        if re.match(banned, way[-1]):
            return line, way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(line, way + (name,)) for _, name in includes.get(way[-1], ())]
    return None


def errors(includes):
    """(path, line, rule, what) for all files: `includes` is what includes_of() answered, by path."""
    for path in includes:
        for who, banned in OUT_OF_REACH:
            found = re.match(who, path) and way_to(path, banned, includes)
            if found:
                yield path, found[0], "reach", " -> ".join(found[1])


def self_test():
    wrong = []
    for tree, expected in SAMPLES:
        first = next(iter(tree))
        found = {what.split(" -> ")[-1] for path, _, _, what in
                 errors({path: includes_of(text) for path, text in tree.items()}) if path == first}
        if found != ({expected} if expected else set()):
            wrong.append(f"the rule reach finds {found or 'nothing'} from {first}, not {expected}")
    for who, banned in OUT_OF_REACH:
        if not any(expected and re.match(who, next(iter(tree))) and re.match(banned, expected)
                   for tree, expected in SAMPLES):
            wrong.append(f"no sample reaches {banned} from {who}")
    return wrong
