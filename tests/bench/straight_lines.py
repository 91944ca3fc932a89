"""What grows with something else, and how straight: figures at several sizes, and the line on which they should lie."""
from figures import number

PROPORTIONAL, LEVEL, WITH_A_BEGINNING = "proportional", "level", "through the first two"


class Series:
    """One figure at growing sizes, [(size, value), …]. Without a kind it lies on no line and explains another one."""

    def __init__(self, title, kind, points):
        self.title, self.kind, self.points = title, kind, points

    def line(self):
        """Value at size 0, and for each further one."""
        (x, y) = self.points[0]
        if self.kind == PROPORTIONAL:
            return 0.0, y / x
        if self.kind == LEVEL or len(self.points) < 2:
            return y, 0.0
        (x2, y2) = self.points[1]
        each = (y2 - y) / (x2 - x)
        return y - each * x, each

    def row(self):
        x, y = self.points[-1]
        beginning, each = self.line()
        tells = self.kind and len(self.points) > (2 if self.kind == WITH_A_BEGINNING else 1)
        beside = f"× {number(y / (beginning + each * x))}" if tells else ""
        return [self.title, *(number(value) for _, value in self.points), self.kind or "", beside]


def of_lives(lives):
    def points(value):
        return [(int(size), value(int(size), one)) for size, one in lives.items()]

    return [Series("CPU seconds of the whole life", PROPORTIONAL, points(lambda n, one: one["cpu_seconds_per_1000"] * n / 1000)),
            Series("applicants per CPU second", LEVEL, points(lambda n, one: one["applicants_per_cpu_second"])),
            Series("peak memory, MiB", WITH_A_BEGINNING, points(lambda n, one: one["peak_mib"]))]


def of_ledgers(sizes):
    def points(value):
        return [(int(size), value(one)) for size, one in sizes.items()]

    return [Series("size of the file, MiB", PROPORTIONAL, points(lambda one: one["mib"])),
            Series("start to READY, ms", LEVEL, points(lambda one: one["start"]["ready_ms"]["median"])),
            Series("CPU of a start, ms", LEVEL, points(lambda one: one["start"]["cpu_ms"]["median"])),
            Series("CPU of an empty poll, ms", LEVEL, points(lambda one: one["empty_poll"]["cpu_ms"]["median"])),
            Series("idle memory, MiB", LEVEL, points(lambda one: one["idle"]["rss_mib"]))]


def of_mappings(mappings):
    def points(value):
        return [(int(count), value(int(count), one)) for count, one in mappings.items()]

    return [Series("CPU seconds for 1,000 applicants, after the start", LEVEL, points(lambda n, one: one["cpu_seconds_per_1000"])),
            Series("HTTPS requests for each of them", None, points(lambda n, one: one["requests_per_applicant"])),
            Series("TLS handshakes of their lives", None, points(lambda n, one: one["handshakes"])),
            Series("CPU of an empty poll of each, ms", PROPORTIONAL, points(lambda n, one: one["empty_poll"]["cpu_ms"]["median"] * n)),
            Series("start to READY, ms", WITH_A_BEGINNING, points(lambda n, one: one["start"]["ready_ms"]["median"])),
            Series("CPU of a start, ms", WITH_A_BEGINNING, points(lambda n, one: one["start"]["cpu_ms"]["median"])),
            Series("idle memory of its own, MiB", WITH_A_BEGINNING, points(lambda n, one: one["idle"]["rss_anonymous_mib"]))]
