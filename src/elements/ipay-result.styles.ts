import { css } from './css.ts'

export const resultStyles = css`
:host{display:block;position:relative;max-width:100%}
[part=panel]{box-sizing:border-box;max-width:var(--ipay-result-max-width,32rem);padding:var(--ipay-result-padding,24px);
border:1px solid var(--ipay-result-border,#8a8f9866);border-radius:var(--ipay-result-radius,12px);
background:var(--ipay-result-background,Canvas);color:var(--ipay-result-color,CanvasText);
font:var(--ipay-result-font,16px/1.5 system-ui,"Noto Sans Bengali",sans-serif);overflow-wrap:anywhere}
h2{display:flex;gap:10px;align-items:center;margin:0 0 8px;font-size:1.25em;line-height:1.3}
h2::before{content:"";flex:none;width:12px;height:12px;border-radius:50%;background:var(--ipay-result-accent,#8a6d00);forced-color-adjust:none}
.paid h2::before{background:#00875a}
.failed h2::before,.error h2::before{background:#b3261e}
p{margin:0}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:16px 0 0}
dt{opacity:.8}
dd{margin:0;text-align:end}
nav{display:flex;flex-wrap:wrap;gap:8px;margin-block-start:16px}
nav:empty{display:none}
[part=action]{padding:8px 18px;border:1px solid #006a4e;border-radius:8px;background:#006a4e;color:#fff;font:inherit;font-weight:600;text-decoration:none}
[part=action]+[part=action]{background:none;color:inherit;border-color:currentColor}
`
