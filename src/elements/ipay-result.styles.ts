import { css } from 'lit'

/** The panel. How it went is told by words, by a sign before them and by its colour: nobody needs all three. */
export const resultStyles = css`
:host{display:block;max-width:var(--ipay-result-max-width,32rem);white-space:normal}
[part=panel]{position:relative;padding:var(--ipay-result-padding,min(24px,6%));
border:1px solid var(--ipay-result-border,#8a8f9866);border-radius:var(--ipay-result-radius,12px);
background:var(--ipay-result-background,Canvas);color:var(--ipay-result-color,CanvasText);
font:var(--ipay-result-font,16px/1.5 system-ui,"Noto Sans Bengali",sans-serif);overflow-wrap:anywhere}
h2,p{text-wrap:balance}
h2{display:flex;gap:8px;align-items:center;margin:0 0 8px;font-size:1.25em;line-height:1.3}
h2::before{content:"!"/"";flex:none;width:1.3em;border-radius:50%;background:var(--ipay-result-accent,#8a6d00);color:#fff;text-align:center}
.paid h2::before{content:"✓"/"";background:#00875a}
:is(.failed,.error) h2::before{content:"✕"/"";background:#b3261e}
p{margin:0}
dl{margin:16px 0 0}
dt{float:inline-start;clear:both;margin-inline-end:16px;opacity:.8}
dd{margin:0 0 4px;text-align:end}
nav{display:flex;flex-wrap:wrap;gap:8px;margin-block-start:16px}
nav:empty,:host(:empty) section:not([class]){display:none}
[part=action]{flex:auto;justify-content:center;text-align:center;padding:8px 16px;border:1px solid #006a4e;border-radius:8px;background:#006a4e;color:#fff;font:inherit;font-weight:600;text-decoration:none}
[part=action]+[part=action]{background:none;color:inherit;border-color:currentColor}
[part=action]:hover{text-decoration:underline}
@media print{nav{display:none}}
`
