"""docs/performance-growth.svg: what was measured, and the straight lines on which it should lie (gnuplot)."""
import subprocess

COLORS = ["#0060ad", "#c05000", "#2a8a3e", "#8a2a86", "#606060"]


def panel(title, axis, series):
    """gnuplot's commands for one plot."""
    series = [one for one in series if one.kind]
    data, curves = "", []
    for color, one in zip(COLORS, series):
        name = f"$d{len(curves)}"
        data += name + " << END\n" + "".join(f"{x} {y:.6g}\n" for x, y in one.points) + "END\n"
        beginning, each = one.line()
        curves.append(f"[{one.points[0][0]}:{one.points[-1][0]}] {beginning:.6g} + {each:.6g} * x notitle with lines linecolor rgb '{color}'")
        curves.append(f"{name} title '{one.title}' with points pointtype 7 pointsize 0.6 linecolor rgb '{color}'")
    sizes = sorted({x for one in series for x, _ in one.points})
    values = [y for one in series for _, y in one.points]
    return (f"set title '{title}'\nset xlabel '{axis}'\nset xrange [{sizes[0] * 0.7}:{sizes[-1] * 1.4}]\n"
            f"set yrange [{min(values) / 2:.6g}:{max(values) * 20:.6g}]\n" + data + "plot sample " + ", ".join(curves) + "\n")


def draw(path, panels):
    script = (f"set terminal svg size {400 * len(panels)},420 font 'sans-serif,11' background '#ffffff'\nset output '{path}'\n"
              "set logscale xy\nset format x '%.0f'\nset format y '%g'\nset mxtics 1\nset mytics 1\nset tics nomirror\n"
              "set key top left Left reverse samplen 1\nset samples 12\n"
              f"set multiplot layout 1,{len(panels)}\n")
    for title, axis, series in panels:
        script += panel(title, axis, series)
    subprocess.run(["gnuplot"], input=script + "unset multiplot\n", text=True, check=True)
