import { css } from './css.ts'

/**
 * Colours, box and motion of the button. Contrast of text on background: brand 6.6, dark 17, light 15; outline takes the
 * page's own text colour. The red of errors has 4.5 on white and on black, the ring two colours: one shows on any page.
 */
export const buttonStyles = css`
:host{display:inline-block;position:relative;vertical-align:middle;max-width:100%;-webkit-tap-highlight-color:transparent;
--bg:#006a4e;--fg:#fff;--line:transparent;--hover:#00573f;--active:#004733}
:host([variant=dark]){--bg:#16181d;--hover:#2b2f38;--active:#3a3f4a}
:host([variant=light]){--bg:#fff;--fg:#1b1d22;--line:#8a8f98;--hover:#f1f3f5;--active:#e3e6ea}
:host([variant=outline]){--bg:transparent;--fg:currentColor;--line:currentColor;--hover:#8882;--active:#8884}
[part=button],[part=action]{font:var(--ipay-button-font,600 16px/1.25 system-ui,"Noto Sans Bengali",sans-serif);cursor:pointer}
[part=button],.text{display:flex;flex-wrap:wrap;align-items:center;justify-content:center}
.text{flex:1 1 min-content;max-width:max-content;gap:0 8px}
[part=button]{box-sizing:border-box;width:100%;
min-width:var(--ipay-button-min-width,min(200px,100%));min-height:max(44px,var(--ipay-button-height,48px));
gap:var(--ipay-button-gap,10px);padding:var(--ipay-button-padding,8px 16px);margin:0;
border:1px solid var(--ipay-button-border,var(--line));border-radius:var(--ipay-button-radius,8px);
background:var(--ipay-button-background,var(--bg));color:var(--ipay-button-color,var(--fg));transition:background .15s}
[part=button]:hover{background:var(--ipay-button-hover-background,var(--hover))}
[part=button]:active{background:var(--ipay-button-active-background,var(--active))}
[part=button]:is(:disabled,[aria-disabled=true]){cursor:default;background:var(--ipay-button-background,var(--bg))}
[part=button]:disabled{opacity:.5}
[part=logo]{display:flex;flex:none;padding-inline-end:10px;border-inline-end:1px solid color-mix(in srgb,currentColor 35%,transparent)}
svg{display:block;height:24px;width:auto;fill:none;stroke:currentColor;stroke-width:3.6;stroke-linecap:round;stroke-linejoin:round}
[part=amount]{white-space:nowrap}
[part=spinner]{box-sizing:border-box;width:18px;height:18px;border:2px solid;border-inline-end-color:transparent;border-radius:50%;animation:turn .8s linear infinite}
@keyframes turn{to{transform:rotate(1turn)}}
[part=message]{max-width:42ch;color:var(--ipay-button-message-color,inherit);font:14px/1.4 system-ui,"Noto Sans Bengali",sans-serif}
[part=message]:not(:empty){margin-block-start:8px}
.error{color:var(--ipay-button-error-color,#d33)}
[part=action]{padding:0 4px;border:0;border-radius:6px;background:none;color:inherit;font-weight:400;font-size:14px;text-decoration:underline;text-underline-offset:3px}
@media (prefers-reduced-motion:reduce){[part=spinner]{animation-duration:4s}[part=button]{transition:none}}
@media (forced-colors:active){[part=button]{border-color:ButtonText}:focus-visible{outline-color:Highlight}[part=button]:disabled{color:GrayText;opacity:1}}
`
