/** The desk's one style sheet: plain, light and dark. */
export const STYLE = `
/* No word is broken: a table that is wider than its card scrolls inside it. */
:root { color-scheme: light dark; --ink: #1d2126; --soft: #5b636e; --page: #f4f6f8; --card: #fff; --line: #d9dee5; --main: #006a4e; --on-main: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f4; --soft: #aab3bf; --page: #14171b; --card: #1e2329; --line: #38404a; --main: #5fd0a8; --on-main: #06281d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, "Noto Sans Bengali", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
h1, main > p { margin: 0; } h1 { font-size: 1.375rem; } h2 { font-size: 1.0625rem; margin: 0 0 .5rem; }
a { color: var(--main); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; overflow-x: auto; }
.said { border-color: var(--main); font-weight: 600; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; padding: .375rem .75rem .375rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; font-size: .875rem; } td { font-variant-numeric: tabular-nums; white-space: nowrap; }
td.long { min-width: 16rem; white-space: normal; overflow-wrap: anywhere; }
.deeds { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.deeds p { margin: 0 0 .5rem; color: var(--soft); font-size: .875rem; }
label { display: block; font-size: .875rem; font-weight: 600; margin-bottom: .5rem; }
input, select { display: block; width: 100%; font: inherit; font-weight: 400; padding: .5rem; border: 1px solid var(--soft); border-radius: .5rem; background: var(--page); color: inherit; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1rem; border: 0; border-radius: .5rem; background: var(--main); color: var(--on-main); cursor: pointer; }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
`
