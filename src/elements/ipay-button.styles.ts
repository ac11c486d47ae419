import { css } from 'lit'

/**
 * Colours, box and motion of the button. Text on background has a contrast of 6.6 (brand), 17 (dark) and 16 (light), pressed at
 * least 4.6; outline takes the page's own text colour, and the red of errors has a share of it: light where text is light.
 * Mark, blank and words are one line of text. Where it breaks, the blank at its end has no width and so shows no bar. What
 * is said below never widens the box: it counts as no wider than the least button. A finger does not hover: what it touched
 * last would stay pale. A border is what CSS calls one; of a colour alone, which makes none, a line is drawn.
 */
export const buttonStyles = css`
:host{display:inline-block;position:relative;vertical-align:middle;max-width:100%;white-space:normal;
--bg:#006a4e;--fg:#fff;--line:transparent}
:host([variant=dark]){--bg:#16181d;--line:#6b7078}
:host([variant=light]){--bg:#fff;--fg:#1b1d22;--line:#8a8f98}
:host([variant=outline]){--bg:transparent;--fg:currentColor;--line:currentColor}
[part=button],[part=action]{font:var(--ipay-button-font,600 16px/1.25 system-ui,"Noto Sans Bengali",sans-serif);cursor:pointer}
[part=button]{box-sizing:border-box;width:100%;min-height:max(44px,var(--ipay-button-height,48px));
padding:var(--ipay-button-padding,8px 16px);margin:0;
border:var(--ipay-button-border,1px solid var(--line));border-radius:var(--ipay-button-radius,8px);
background:var(--ipay-button-background,var(--bg));color:var(--ipay-button-color,var(--fg));transition:background .15s}
:where([part=button]){box-shadow:inset 0 0 0 1px var(--ipay-button-border,#0000)}
@supports (color:color-mix(in srgb,red,red)){@media not (pointer:coarse){[part=button]:hover{background:var(--ipay-button-hover-background,var(--ipay-button-background,color-mix(in srgb,var(--bg),var(--fg) 10%)))}}
[part=button]:active{background:var(--ipay-button-active-background,var(--ipay-button-background,color-mix(in srgb,var(--bg),var(--fg) 16%)))}}
[aria-disabled=true],:disabled{pointer-events:none}
:disabled{opacity:.5}
[part=logo],.text{display:inline-flex}
[part=logo]{position:relative;vertical-align:-.4em}
.text{flex-wrap:wrap;justify-content:center;gap:0 8px}
i{background:linear-gradient(currentColor 0 0) 50%/1px no-repeat;word-spacing:calc(2*var(--ipay-button-gap,10px) - 4px);opacity:.4}
svg{height:24px;fill:none;stroke:currentColor;stroke-width:3.6;stroke-linecap:round;stroke-linejoin:round}
[part=amount]{white-space:nowrap}
[part=spinner]{position:absolute;inset:0;margin:auto;width:16px;height:16px;border:3px solid;border-inline-end-color:transparent;border-radius:50%;animation:turn .8s linear infinite}
[part=spinner]+slot{display:flex;opacity:0}
@keyframes turn{to{transform:rotate(1turn)}}
[part=message]{contain:inline-size;contain-intrinsic-inline-size:var(--ipay-button-min-width,200px);max-width:42ch;color:var(--ipay-button-message-color,inherit);font:14px/1.4 system-ui,"Noto Sans Bengali",sans-serif}
[part=message]:not(:empty){margin-block-start:8px}
.error{color:var(--ipay-button-error-color,color-mix(in srgb,#f33 65%,currentColor))}
[part=action]{padding:0;border:0;background:none;color:inherit;font-weight:400;font-size:14px;text-decoration:underline}
@media (prefers-reduced-motion){[part]{animation:none;transition:none}}
@media (forced-colors:active){[part=button]{border:1px solid}:disabled{color:GrayText;opacity:1}[part=spinner]{border-inline-end-color:ButtonFace}}
`
