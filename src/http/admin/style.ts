// The look of the admin pages: the system's own fonts, light or dark as the reader's system is, tables that fold on a phone.
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2330; --soft: #5c6675; --line: #dde2ea; --paper: #f6f7f9; --card: #fff;
  --accent: #1f5fbf; --good: #1d7a46; --warn: #9a5b00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaf0; --soft: #9aa5b5; --line: #323a47; --paper: #14181f;
  --card: #1b212b; --accent: #8ab4f8; --good: #6cc890; --warn: #e6b566; --bad: #f2a29b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
header > div, main { max-width: 72rem; margin: 0 auto; padding: .75rem 1rem; }
header > div { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; }
header strong { margin-right: auto; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
nav a[aria-current] { color: var(--ink); font-weight: 600; }
h1 { font-size: 1.4rem; margin: 1rem 0 .5rem; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
p { margin: .25rem 0 .75rem; }
.soft { color: var(--soft); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.word { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .5rem; white-space: nowrap; font-size: .85rem; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.notice { border-left: .25rem solid var(--warn); padding-left: .75rem; }
.notice.bad { border-color: var(--bad); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .85rem; }
td { overflow-wrap: break-word; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
pre { overflow: auto; max-height: 32rem; padding: .75rem; background: var(--paper); border-radius: .35rem; font-size: .85rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: .25rem 0; }
form.answer { border-top: 1px solid var(--line); padding: .75rem 0; }
form.answer p { flex-basis: 100%; margin: 0; }
label { display: flex; flex-direction: column; font-size: .85rem; color: var(--soft); }
label.check { flex-direction: row; align-items: center; gap: .4rem; padding: .35rem 0; }
input, select, button { font: inherit; color: inherit; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: .35rem;
  background: var(--card); }
button { cursor: pointer; color: var(--accent); border-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 44rem) {
  table, tbody, tr, td { display: block; } thead { display: none; }
  tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  td { border: 0; padding: .1rem 0; display: grid; grid-template-columns: 8rem 1fr; gap: .5rem; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .85rem; }
  .number { text-align: left; }
}
`;
