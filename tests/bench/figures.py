"""How figures are read and written: on a page, people's numbers; in build/bench, JSON."""
import json
import os
import platform
import subprocess
import time


def machine(scratch):
    """What the figures depend on."""
    with open("/proc/cpuinfo") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    file_system = subprocess.run(["stat", "-f", "-c", "%T", scratch], capture_output=True, text=True).stdout.strip()
    return {"processor": model, "processors": os.cpu_count(), "kernel": platform.release(), "file_system": file_system,
            "load": os.getloadavg()[0], "date": time.strftime("%Y-%m-%d")}


def figures_in(folder, part):
    try:
        with open(os.path.join(folder, part + ".json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def spread(of):
    """median (min … max), shorter where they are the same"""
    low, middle, high = (number(of[key]) for key in ("min", "median", "max"))
    return middle if low == high else f"{middle} ({low} … {high})"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"
