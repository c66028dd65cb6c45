import type { Language } from '../../kit/language.ts'

/** The head of a page that asks for nothing from elsewhere and runs nothing. `more`: style of the page's own. */
export const pageHead = (language: Language, title: string, more = ''): string => `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${esc(title)}</title>
<style>${css}${more}</style>
`

export const factsList = (facts: readonly (readonly [name: string, value: string])[]): string =>
  `<dl>${facts.map(([name, value]) => `<div><dt>${esc(name)}</dt><dd>${esc(value)}</dd></div>`).join('')}</dl>`

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Text for HTML. Signs that turn the reading direction or cannot be seen are shown by their code. */
export const esc = (text: string): string =>
  text
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
      (sign) => `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    )
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

const css = `
:root{font:14px/1.45 system-ui,sans-serif;color:#1b1f24;background:#fff}
main{max-width:62rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.5rem}h2{margin-top:2rem;font-size:1.15rem}h3{font-size:1rem}
dl div{display:flex;gap:.75rem}dt{min-width:9rem;color:#57606a}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
th{text-align:left;font-weight:600}th,td{padding:.25rem .6rem;border-bottom:1px solid #d0d7de;vertical-align:top;overflow-wrap:anywhere}
.counts{width:auto}.user{min-width:11rem}.number{width:1%;white-space:nowrap;text-align:right;font-variant-numeric:tabular-nums}
tr.error b,.danger,h3.remove{color:#a40e26}tr.warning b{color:#7d4e00}tr.info b{color:#0a53a8}
.danger{font-weight:700}
svg{max-width:47rem;font:12px system-ui,sans-serif}svg.bar{width:160px;height:10px}
.was{fill:#b6bec8}.will{fill:#0969da}.over,rect.error{fill:#cf222e}rect.warning{fill:#bf8700}rect.info{fill:#0969da}
line{stroke:#1b1f24;stroke-width:1.5;stroke-dasharray:3 2}
footer{margin:2rem 0;color:#57606a;font-size:.85rem}
@media print{main{margin:0;max-width:none}tr,svg{break-inside:avoid}thead{display:table-header-group}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`
