#pragma once

#include <string_view>

namespace testdome_sync::listener {

/// Colours have a contrast of 7:1 for text and 3:1 for bars in both schemes (WCAG 2.2, 1.4.6 and 1.4.11).
inline constexpr std::string_view page_style = R"(
:root { color-scheme: light dark; --ground: #fff; --card: #f5f6f8; --line: #c9ced6; --text: #16191d; --quiet: #454c55;
  --bar: #2b63b8; --warning: #6b4200; --warning-ground: #fff3d6; --critical: #8a1010; --critical-ground: #fde8e8; --well: #14532d; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1e2329; --line: #454d57; --text: #eef1f4; --quiet: #bcc4cd;
  --bar: #6ea8fe; --warning: #ffd88a; --warning-ground: #3a2c0c; --critical: #ffb9b9; --critical-ground: #421c1c; --well: #9fe0b4; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.25rem; margin: 2rem 0 .75rem; } h3 { font-size: 1.1rem; margin: 0 0 .25rem; }
p { margin: .25rem 0; } .away { white-space: nowrap; } .quiet { color: var(--quiet); } .well { color: var(--well); font-weight: 600; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; }
ul.alarms { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
.alarm { border-left: .3rem solid; border-radius: .25rem; padding: .6rem .9rem; }
.warning { color: var(--warning); background: var(--warning-ground); } .critical { color: var(--critical); background: var(--critical-ground); }
strong.warning, strong.critical { padding: 0 .35rem; border-radius: .25rem; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 0; }
caption { text-align: left; color: var(--quiet); font-size: .9rem; padding-bottom: .25rem; }
code { font-size: .95em; } th, td { text-align: left; font-weight: 400; padding: .2rem .5rem .2rem 0; border-top: 1px solid var(--line); vertical-align: baseline; }
thead th, thead td { border: 0; color: var(--quiet); font-size: .9rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
td.number:last-child, th.number:last-child { padding-right: 0; }
.bar { display: block; width: 100%; min-width: 4rem; height: .6rem; fill: var(--bar); background: var(--line); border-radius: .3rem; overflow: hidden; }
td.graph { width: 45%; vertical-align: middle; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .75rem; margin: .5rem 0 0; } dt { color: var(--quiet); } dd { margin: 0; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .75rem; color: var(--quiet); }
)";

} // namespace testdome_sync::listener
