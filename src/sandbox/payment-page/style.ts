/** The payment pages' one style sheet: mobile first, light and dark, no images, no fonts from elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d1b2e; --soft: #5f5b78; --page: #f3f0fa; --card: #fff; --line: #ddd6ee;
  --brand: #5a2ca0; --brand-deep: #43207a; --on-brand: #fff; --ribbon: #ffb81c; --on-ribbon: #2a1d00; --wrong: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #f2eefc; --soft: #b5aecb; --page: #15111f; --card: #211b30;
  --line: #3a3150; --brand: #b794f6; --brand-deep: #cdb4ff; --on-brand: #1d0f38; --wrong: #ffb4ab; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, "Noto Sans Bengali", "Noto Sans", sans-serif; }
.ribbon { background: var(--ribbon); color: var(--on-ribbon); text-align: center; font-weight: 700; font-size: .8125rem;
  letter-spacing: .04em; padding: .375rem 1rem; }
.wallet { max-width: 27rem; margin: 0 auto; padding: 1rem; }
header { display: flex; justify-content: space-between; align-items: center; padding: .5rem .25rem 1rem; }
.mark { font-size: 1.375rem; font-weight: 800; letter-spacing: -.02em; color: var(--brand); }
a { color: var(--brand); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem; margin-bottom: 1rem;
  box-shadow: 0 8px 24px rgb(40 20 80 / .08); }
.due { text-align: center; padding-bottom: 1rem; margin-bottom: 1rem; border-bottom: 1px dashed var(--line); }
.due p { margin: 0; color: var(--soft); font-size: .875rem; }
.due .amount { color: var(--ink); font-size: 2.125rem; line-height: 1.3; font-weight: 700; letter-spacing: -.02em;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1 { font-size: 1.1875rem; margin: 0 0 .75rem; }
h2 { font-size: .9375rem; margin: 0 0 .5rem; }
label { display: block; font-weight: 600; font-size: .875rem; margin-top: .75rem; }
input { width: 100%; margin-top: .25rem; padding: .75rem .875rem; font: inherit; font-size: 1.0625rem; color: inherit;
  background: var(--page); border: 1px solid var(--soft); border-radius: .625rem; }
button { width: 100%; min-height: 3rem; margin-top: 1rem; padding: .625rem 1rem; font: inherit; font-weight: 700;
  border: 0; border-radius: .75rem; background: var(--brand); color: var(--on-brand); cursor: pointer; }
button:hover { background: var(--brand-deep); }
button.quiet { background: transparent; color: var(--soft); border: 1px solid var(--line); font-weight: 600; }
a.button { display: block; text-align: center; text-decoration: none; font-weight: 700; padding: .75rem 1rem;
  margin-top: 1rem; border-radius: .75rem; background: var(--brand); color: var(--on-brand); }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.wrong { margin: 0 0 .75rem; padding: .625rem .875rem; border-radius: .625rem; border: 1px solid var(--wrong);
  color: var(--wrong); font-weight: 600; }
.hint { margin: 0 0 .5rem; padding: .625rem .875rem; border-radius: .625rem; background: var(--page); }
dl { margin: 0; display: grid; gap: .5rem; }
dt { color: var(--soft); font-size: .8125rem; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
.choice { display: flex; margin: 0; gap: .625rem; align-items: flex-start; padding: .5rem 0; font-weight: 400; font-size: 1rem; }
.choice input { width: 1.125rem; height: 1.125rem; margin: .2rem 0 0; flex: none; accent-color: var(--brand); }
.people { font-size: .875rem; color: var(--soft); }
.people ul { list-style: none; margin: .5rem 0 0; padding: 0; display: grid; gap: .375rem; }
code { font-size: .875rem; }
.people b { color: var(--ink); font-variant-numeric: tabular-nums; }
footer { text-align: center; color: var(--soft); font-size: .8125rem; padding: .5rem; }
@media (forced-colors: active) { button, a.button { border: 1px solid ButtonText; } }
`
