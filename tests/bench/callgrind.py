"""What callgrind has counted: instructions of each function, and from whom to whom they were asked for."""
import re
from collections import Counter

ALLOCATION = re.compile(r"_?_?(libc_)?(int_)?(malloc|free|calloc|realloc|memalign|posix_memalign|aligned_alloc|cfree)(_.*)?$|"
                        r"operator (new|delete)|unlink_chunk|sysmalloc|systrim|tcache|alloc_perturb|arena_get|mtrim")
# The first that fits. What fits nothing (the C and C++ libraries, std:: of our own) is its callers'.
PURPOSES = [
    ("allocation", lambda library, name: library.startswith("libjemalloc.")
     or library in ("libc.so.6", "libstdc++.so.6") and ALLOCATION.match(name)),
    ("SQLite", lambda library, name: library.startswith("libsqlite3")),
    ("jq", lambda library, name: library.startswith("libjq") or re.search(r"::(jq_\w+|to_jv|from_jv)\b", name)),
    ("TLS (OpenSSL)", lambda library, name: library.startswith(("libcrypto", "libssl")) or name.startswith("boost::asio::ssl")),
    ("JSON (Boost.JSON)", lambda library, name: name.startswith("boost::json")),
    ("HTTP and sockets (Asio, Beast)", lambda library, name: name.startswith(("boost::asio", "boost::beast", "testdome_sync::http"))
     or library.startswith("libboost_url") or name.startswith("boost::urls")),
    ("ledger, around SQLite", lambda library, name: name.startswith(("testdome_sync::sync::relational", "testdome_sync::sync::sqlite"))),
    ("own code", lambda library, name: name.startswith("testdome_sync")),
]
NOBODY = "start, and whoever has no caller"


def plain(function):
    """The name without what it returns and takes: `testdome_sync::rest::append`."""
    text = function.replace("(anonymous namespace)", "{}").replace("operator()", "operator{}")
    if text.startswith("operator "):
        return text.split("(")[0]
    depth, begin = 0, 0
    for place, letter in enumerate(text):
        if letter == "<":
            depth += 1
        elif letter == ">":
            depth -= 1
        elif depth == 0 and letter == " " and not text[begin:place].endswith("operator"):
            begin = place + 1
        elif depth == 0 and letter == "(":
            return text[begin:place]
    return text[begin:]


def purpose_of(function, allocation_apart=True):
    library, name = function
    for purpose, fits in PURPOSES if allocation_apart else PURPOSES[1:]:
        if fits(library, name):
            return purpose
    return None


class Profile:
    """Functions are pairs of library and name."""

    def __init__(self, own, asked):
        self.own, self.asked = own, asked  # asked: (caller, callee), with all that the callee asked for in turn

    @property
    def total(self):
        return sum(self.own.values())

    def without(self, other):
        return Profile(self.own - other.own, self.asked - other.asked)

    def by_library(self):
        made = Counter()
        for (library, _), cost in self.own.items():
            made[library] += cost
        return made

    def by_function(self):
        """A library without symbols has addresses for names; they are one row for each library."""
        made = Counter()
        for (library, name), cost in self.own.items():
            made[(library, name if not name.startswith("0x") else "")] += cost
        return made

    def by_purpose(self, allocation_apart=True):
        callers = {}
        for (caller, callee), cost in self.asked.items():
            callers.setdefault(callee, Counter())[caller] += cost
        known = {}

        def shares(function, under_way):
            purpose = purpose_of(function, allocation_apart)
            if purpose:
                return {purpose: 1.0}
            if function in known:
                return known[function]
            made, asking = Counter(), {caller: cost for caller, cost in callers.get(function, {}).items()
                                       if caller not in under_way and caller != function}
            for caller, cost in asking.items():
                for name, share in shares(caller, under_way | {function}).items():
                    made[name] += share * cost / sum(asking.values())
            known[function] = made or Counter({NOBODY: 1.0})
            return known[function]

        made = Counter()
        for function, cost in self.own.items():
            for purpose, share in shares(function, frozenset()).items():
                made[purpose] += share * cost
        return made


class Names:
    """Callgrind writes each name once, and its number afterwards."""

    def __init__(self):
        self.known = {}

    def read(self, kind, text):
        number, _, name = text.partition(" ")
        if name:
            self.known[kind, number] = name
        return self.known[kind, number]


def library_name(path):
    return re.sub(r"(\.so\.\d+).*", r"\1", path.rsplit("/", 1)[-1])


def read(path):
    own, asked, names = Counter(), Counter(), Names()
    library = called_library = function = called = None
    is_call = False
    for line in open(path):
        key, _, text = line.rstrip("\n").partition("=")
        if key == "ob":
            library = library_name(names.read("object", text))
        elif key == "fn":
            function = library, plain(re.sub(r"'\d+$", "", names.read("function", text)))
        elif key == "cob":
            called_library = library_name(names.read("object", text))
        elif key == "cfn":
            called = called_library or library, plain(re.sub(r"'\d+$", "", names.read("function", text)))
            called_library = None
        elif key == "calls":
            is_call = True
        elif re.match(r"[+*\-\d]", line):
            cost = int(line.split()[1])
            if is_call:
                asked[function, called] += cost
            else:
                own[function] += cost
            is_call = False
    return Profile(own, asked)
