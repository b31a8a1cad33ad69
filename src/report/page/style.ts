import { themeVariables } from "../figures/index.js";

/** The page's looks: light and dark as the reader's system is, one column, and plain on paper. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1f2430;--muted:#596070;--line:#d9dde5;--paper:#fff;--page:#f4f5f8;--accent:#0b5cad;--shade:#f0f2f6;--good:#00694c;--bad:#a84300;${themeVariables("light")}}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaf0;--muted:#a9b0be;--line:#333a48;--paper:#171a21;--page:#0e1015;--accent:#7db8f2;--shade:#212631;--good:#5fd0a8;--bad:#ff9d5c;${themeVariables("dark")}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
header,main,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.35rem;margin:2.8rem 0 .6rem;padding-top:.4rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
p{margin:.5rem 0;max-width:46rem}
.lead{color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1rem;padding:0;list-style:none;margin:1rem 0 0;font-size:.9rem}
a{color:var(--accent)}
.card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem;margin:1rem 0}
.card h3:first-child{margin-top:0}
.answers{margin:.2rem 0 1rem}
.answers dt{font-weight:600;margin-top:.7rem}
.answers dd{margin:.1rem 0 0;max-width:52rem;font-size:1.08rem}
.findings li{margin:.45rem 0}
figure{background:var(--figure-ffffff);border:1px solid var(--line);border-radius:10px;margin:1rem 0;padding:.5rem;overflow:hidden}
figure svg{max-width:100%;height:auto;display:block;margin:0 auto}
.drawing{overflow-x:auto}
figcaption{padding:.3rem .8rem .5rem;font-size:.9rem;color:var(--muted)}
.downloads{font-size:.85rem;margin:.3rem 0}
.download{margin-right:1rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.scroll{overflow:auto;max-height:34rem;width:fit-content;max-width:100%;background:var(--paper);border:1px solid var(--line);border-radius:10px}
.scroll:focus-visible,.drawing:focus-visible,button:focus-visible,a:focus-visible,summary:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;min-width:min(36rem,100vw - 3rem);font-size:.9rem}
caption{text-align:left;padding:.6rem .8rem;color:var(--muted)}
th,td{padding:.35rem .6rem;border-top:1px solid var(--line);text-align:left;white-space:nowrap}
thead th{position:sticky;top:0;background:var(--shade)}
.number{text-align:right;font-variant-numeric:tabular-nums}
th button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:0;cursor:pointer}
th button::after{content:" \\2195";color:var(--muted);font-weight:400}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
input{font:inherit;padding:.35rem .6rem;border:1px solid var(--muted);border-radius:6px;background:var(--paper);color:var(--ink);width:min(22rem,100%)}
details{margin:.6rem 0}
.loud{border-left:5px solid var(--bad);padding:.2rem 0 .2rem .8rem;font-weight:600}
.fold{border-top:1px solid var(--line);margin:0;padding:.3rem 0}
.fold>summary{font-size:1.2rem;font-weight:600;color:var(--ink);padding:.5rem 0}
.fold h2{border:0;margin:.2rem 0 .4rem}
.fold h2:first-child,.fold section>h2{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
code{font-size:.9em;background:var(--shade);padding:.1em .35em;border-radius:4px;overflow-wrap:anywhere}
summary{cursor:pointer;color:var(--accent)}
pre{background:var(--shade);border-radius:8px;padding:.8rem 1rem;overflow:auto;font-size:.85rem;white-space:pre-wrap;overflow-wrap:anywhere}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
@media (max-width:44rem){.pair{grid-template-columns:1fr}}
.said{margin:.35rem 0;padding:.45rem .7rem;border-radius:8px;background:var(--shade);white-space:pre-wrap;overflow-wrap:anywhere}
.said b{display:block;font-size:.75rem;font-weight:600;color:var(--muted);text-transform:uppercase;letter-spacing:.04em}
.said.assistant{border-left:4px solid var(--accent)}
.verdict{font-weight:600}
.verdict.good{color:var(--good)}
.verdict.bad{color:var(--bad)}
footer{padding-top:1rem;padding-bottom:3rem;color:var(--muted);font-size:.85rem}
.slim{display:none}
@media screen and (max-width:40rem){.wide{display:none}.slim{display:block}figure{padding:.2rem}header,main,footer{padding:0 .7rem}.card{padding:.8rem .8rem}h1{font-size:1.5rem}}
@page{margin:15mm}
@media print{
:root{color-scheme:light;--ink:#000;--muted:#444;--line:#bbb;--paper:#fff;--page:#fff;--accent:#000;--shade:#f4f4f4;--good:#000;--bad:#000;${themeVariables("light")}}
body{font-size:10.5pt}
nav,input,label[for],figcaption,.downloads,.on-screen,.more:has(figure)>summary,.unprinted{display:none}
summary{list-style:none;break-after:avoid;color:inherit}
summary::-webkit-details-marker{display:none}
table{font-size:8pt;width:100%}
thead{display:table-row-group}
thead th{position:static}
figure svg{max-height:100mm;width:auto}
.lead{break-inside:avoid;break-after:avoid}
th,td{white-space:normal;padding:.15rem .4rem}
.findings details::details-content,.more::details-content,.fold::details-content,details.example::details-content{content-visibility:visible;block-size:auto}
figure,.example,tr{break-inside:avoid}
h2,h3{break-after:avoid}
.scroll{max-height:none;width:auto;overflow:visible;border:0}
th button::after{content:""}
}
`;
