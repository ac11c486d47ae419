import { css } from 'lit'

/** What both elements look like: hidden when asked to be, a ring that shows on any page, and the ribbon of the sandbox. */
export const sharedStyles = css`
:host([hidden]){display:none}
:focus-visible{outline:3px solid var(--ipay-button-focus-color,#1a73e8);outline-offset:2px;box-shadow:0 0 0 7px #fff}
[part=action]{box-sizing:border-box;display:inline-flex;align-items:center;min-height:44px;cursor:pointer}
[part=message],[part=action],[part=heading],.text *{unicode-bidi:plaintext}
bdi{display:inline-block;overflow-wrap:anywhere}
[part=ribbon]{position:absolute;inset-block-start:-8px;inset-inline-end:8px;padding:1px 8px;border-radius:8px;background:#ffd166;color:#3d2c00;font:600 11px/1.4 system-ui,sans-serif;pointer-events:none}
`
