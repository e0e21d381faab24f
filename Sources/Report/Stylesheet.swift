/// The look of every page: quiet, for long reading, on paper as on a phone.
///
/// Every pair of text and ground has a contrast of at least 4.5 to 1 in both
/// colour schemes (WCAG 2.2, 1.4.3); nothing is said by colour alone.
enum Stylesheet {
    /// How the shapes of a chart look, on a page and in a file of its own.
    static let chart = """
        svg text { fill: var(--ink); stroke: var(--ground); stroke-width: 3px; paint-order: stroke; }
        svg .soft { fill: var(--soft); }
        svg .strong { font-weight: 600; }
        .bar.plain { fill: var(--accent); }
        .bar.good { fill: var(--good); }
        .bar.bad { fill: var(--stop); }
        .bar.total { fill: var(--soft); }
        .grid { stroke: var(--line); }
        .limit { stroke: var(--ink); stroke-dasharray: 4 3; }
        .curve { fill: none; stroke: var(--accent); stroke-width: 2; }
        .curve.second { stroke: var(--stop); stroke-dasharray: 7 4; }
        .curve.third { stroke: var(--good); stroke-dasharray: 2 3; }
        .curve.guide { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 3; }
        .band { fill: var(--accent); fill-opacity: .18; }
        .whisker { stroke: var(--ink); stroke-width: 1.5; }
        .point { fill: var(--ground); stroke: var(--ink); stroke-width: 1.5; }

        """

    static let text = """
        :root {
          color-scheme: light dark;
          --ground: #ffffff; --panel: #f4f5f2; --ink: #1c2321; --soft: #4d5753;
          --line: #cfd4d0; --strong-line: #1c2321; --accent: #17505a; --focus: #0b57d0;
          --good: #1f6b3a; --warning: #8a4b00; --stop: #a3201c;
          --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, "Noto Serif", Georgia, serif;
          --sans: "Segoe UI", "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
          --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #141817; --panel: #1e2422; --ink: #e8ebe9; --soft: #a9b3ae;
            --line: #3a433f; --strong-line: #a9b3ae; --accent: #8cc7d0; --focus: #9cc2ff;
            --good: #86d19f; --warning: #f0b567; --stop: #ff9d96;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0 auto; padding: 2.5rem 1.25rem 3rem; max-width: 62rem;
          background: var(--ground); color: var(--ink);
          font: 1.0625rem/1.55 var(--serif); overflow-wrap: break-word;
        }
        .skip { position: absolute; left: -100vw; }
        .skip:focus { position: static; }
        a { color: var(--accent); text-underline-offset: .15em; }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
        header { border-top: .3rem solid var(--accent); padding-top: 1rem; }
        .kind {
          margin: 0; font: 600 .8125rem/1.4 var(--sans); letter-spacing: .04em;
          color: var(--accent);
        }
        h1 { margin: .3rem 0 .5rem; font: 700 2rem/1.2 var(--serif); text-wrap: balance; }
        h2 {
          margin: 2.75rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line);
          font: 700 1.3125rem/1.3 var(--serif);
        }
        h3 { margin: 1.75rem 0 .5rem; font: 700 1.0625rem/1.4 var(--serif); }
        p, ul, ol { margin: 0 0 .9rem; max-width: 42rem; }
        ul, ol { padding-left: 1.3rem; }
        .summary { font-size: 1.1875rem; line-height: 1.45; color: var(--soft); }
        nav { margin-top: 1.5rem; font: .9375rem/1.5 var(--sans); }
        nav ol { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; max-width: none; }
        nav a { display: inline-block; padding: .2rem 0; }
        dl { margin: 0 0 1.25rem; font: .9375rem/1.5 var(--sans); border-bottom: 1px solid var(--line); }
        dl div { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: 0 1.25rem; padding: .4rem 0; border-top: 1px solid var(--line); }
        dl div:first-child { border-top: 0; }
        dt { color: var(--soft); }
        dd { margin: 0; min-width: 0; font-variant-numeric: tabular-nums; }
        .table { margin: 0 0 1.5rem; overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font: .9375rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
        caption { padding: 0 0 .5rem; text-align: left; font-weight: 600; }
        th, td { padding: .45rem .9rem .45rem 0; text-align: left; vertical-align: baseline; }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { border-bottom: 1.5px solid var(--strong-line); color: var(--soft); font-weight: 600; font-size: .8438rem; vertical-align: bottom; }
        tbody th { font-weight: 600; }
        tbody tr > * { border-bottom: 1px solid var(--line); }
        .n { text-align: right; white-space: nowrap; }
        .empty { color: var(--soft); }
        td ul { margin: 0; padding: 0; list-style: none; }
        td li + li { margin-top: .3rem; }
        code.short { white-space: nowrap; }
        code, pre { font-family: var(--mono); font-size: .875em; overflow-wrap: anywhere; }
        pre { margin: 0 0 1.25rem; padding: .75rem 1rem; background: var(--panel); border-left: .2rem solid var(--line); overflow-x: auto; overflow-wrap: normal; line-height: 1.5; }
        .status { white-space: nowrap; }
        .status.good > span, .note.good .label { color: var(--good); }
        .status.idle > span { color: var(--soft); }
        .status.warning, .note.warning .label { color: var(--warning); }
        .status.stop, .note.stop .label { color: var(--stop); font-weight: 700; }
        .note { margin: 0 0 1rem; padding: .85rem 1.1rem .1rem; background: var(--panel); border-left: .35rem solid var(--accent); }
        .note.good { border-left-color: var(--good); }
        .note.warning { border-left-color: var(--warning); }
        .note.stop { border-left-color: var(--stop); }
        .note .label { margin-bottom: .3rem; font: 700 .9375rem/1.4 var(--sans); color: var(--accent); }
        .note p { margin-bottom: .6rem; }
        .note.stop strong { font-size: 1.1875rem; line-height: 1.35; }
        details { margin: 0 0 1.25rem; }
        summary { padding: .35rem 0; font: 600 .9375rem/1.5 var(--sans); color: var(--accent); cursor: pointer; }
        .chart { margin: 0 0 .5rem; max-width: 30rem; }
        .chart figcaption { padding-bottom: .4rem; font: 600 .9375rem/1.4 var(--sans); }
        .chart svg { display: block; width: 100%; height: auto; }
        .chart text { font: 12px var(--sans); font-variant-numeric: tabular-nums; }
        \(chart)footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); font: .8438rem/1.5 var(--sans); color: var(--soft); }
        footer p { margin: 0 0 .25rem; }
        @media (max-width: 38rem) {
          body { padding: 1.25rem 1rem 2rem; font-size: 1rem; }
          h1 { font-size: 1.5625rem; }
          .summary { font-size: 1.0625rem; }
          nav ol { display: block; }
          nav a { padding: .35rem 0; }
          dl div { grid-template-columns: 1fr; }
          table { font-size: .875rem; }
          th, td { padding-right: .7rem; }
        }
        @media screen and (max-width: 38rem) {
          .wide, .wide tbody, .wide caption, .wide tr, .wide tbody th { display: block; }
          .wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .wide tbody tr { padding: .55rem 0; border-bottom: 1px solid var(--line); }
          .wide tbody tr:first-child { border-top: 1.5px solid var(--strong-line); }
          .wide tbody tr > * { padding: .12rem 0; border: 0; }
          .wide td { display: flex; justify-content: space-between; gap: 1rem; }
          .wide td:empty { display: none; }
          .wide td[data-label]::before { content: attr(data-label); color: var(--soft); }
          .wide tbody th.n { text-align: left; }
          .wide tbody th.n::before { content: attr(data-label) " "; }
          .wide td:has(ul) { display: block; }
          .wide td:has(ul)::before { display: block; margin-top: .35rem; }
        }
        @media print {
          :root { color-scheme: light; --ground: #fff; --panel: #fff; --ink: #000; --soft: #333; --line: #999; --strong-line: #000; --accent: #000; --good: #000; --warning: #000; --stop: #000; }
          @page { margin: 18mm 16mm; }
          html { font-size: 10pt; }
          body { max-width: none; padding: 0; }
          nav, .skip { display: none; }
          h2, h3, caption { break-after: avoid; }
          tr, .note, dl div, .chart { break-inside: avoid; }
          thead { display: table-header-group; }
          .table, pre { overflow: visible; }
          pre { white-space: pre-wrap; }
          details::details-content { content-visibility: visible; display: block; }
        }

        """
}
