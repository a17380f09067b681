// SPDX-License-Identifier: Apache-2.0

/// How the page looks. Eight colours that people with any kind of colour vision tell apart (after Okabe and Ito), made
/// darker for light pages and lighter for dark ones; where there are more lines, dashes tell them apart as well.
enum PageStyle {
  static let colours = 8
  /// With whole lines and three kinds of dashes.
  static let styles = 4 * colours

  private static let light = [
    "#0067a8", "#c94f00", "#00805c", "#b04f8d", "#a87400", "#2f9bd6", "#7a7200", "#5b5b66",
  ]
  private static let dark = [
    "#5db4f0", "#ff8d4d", "#35cfa4", "#eb9fce", "#f2b53c", "#a3dcff", "#e3d95c", "#b9b9c4",
  ]

  static var css: String {
    variables + page + tables + figures
      + (0..<colours).map { colour in
        (0..<4).map { ".k\(colour + $0 * colours)" }.joined(separator: ",") + "{--line:var(--c\(colour))}"
      }.joined(separator: "\n")
      + "\n" + dashes(colours..<2 * colours, "7 4") + dashes(2 * colours..<3 * colours, "2 4")
      + dashes(3 * colours..<4 * colours, "10 4 2 4")
      + (1...HeatMap.levels).map {
        ".h\($0){fill-opacity:\(Path.pixels(Double($0 * 10) / Double(HeatMap.levels)).tenth)}"
      }
      .joined(separator: "\n") + "\n"
  }

  /// Unticking a name in a legend hides its lines.
  static func toggles(_ sections: [(id: String, styles: [Int])]) -> String {
    sections.flatMap { section in
      section.styles.map { style in
        "#\(section.id):has(#\(section.id)-k\(style):not(:checked)) figure .k\(style){display:none}\n"
      }
    }.joined()
  }

  private static func dashes(_ styles: Range<Int>, _ dashes: String) -> String {
    styles.map { ".line.k\($0)" }.joined(separator: ",") + "{stroke-dasharray:\(dashes)}\n"
  }

  private static func palette(_ colours: [String]) -> String {
    colours.enumerated().map { "--c\($0.offset):\($0.element)" }.joined(separator: ";")
  }

  private static var variables: String {
    """
    :root{color-scheme:light dark;--page:#fbfbfa;--panel:#fff;--text:#1a1a21;--muted:#5d5d69;--rule:#dedee3;
    --grid:#e9e9ee;--fault:#b4432c;--shade:rgba(201,79,0,.10);--good:#0b6b3a;--bad:#b3261e;--best:#e2f2e6;
    --load:#0067a8;--ejected:#c2410c;--empty:#f1f1f4;\(palette(light))}
    @media (prefers-color-scheme:dark){:root{--page:#131318;--panel:#1b1b22;--text:#ececf1;--muted:#a4a4b1;--rule:#34343f;
    --grid:#2a2a33;--fault:#ff9d80;--shade:rgba(255,141,77,.13);--good:#5fd896;--bad:#ff8a80;--best:#1d3a29;
    --load:#6cbdf5;--ejected:#ff8d4d;--empty:#23232b;\(palette(dark))}}

    """
  }

  private static let page = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:1240px;padding:28px 24px 40px;background:var(--page);color:var(--text);
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Helvetica,Arial,sans-serif}
    h1{font-size:30px;line-height:1.2;margin:0 0 8px;letter-spacing:-.01em;overflow-wrap:anywhere}
    h2{font-size:24px;line-height:1.25;margin:0 0 6px;overflow-wrap:anywhere}
    h3{font-size:18px;margin:0 0 10px}
    h4{font-size:15px;margin:0}
    .kicker{margin:0 0 4px;color:var(--muted);font-size:13px;letter-spacing:.06em;text-transform:uppercase}
    .summary{max-width:76ch;margin:0 0 12px}
    .facts{margin:0 0 14px;color:var(--muted);font-size:14px;display:flex;flex-wrap:wrap;gap:2px 18px}
    .badge{display:inline-block;margin:6px 10px 12px 0;padding:5px 12px;border-radius:8px;font-weight:600;font-size:15px;
    border:1px solid currentColor}
    .good{color:var(--good)}
    .bad{color:var(--bad)}
    nav{margin:10px 0 0;padding:12px 18px;background:var(--panel);border:1px solid var(--rule);border-radius:10px}
    nav ol{margin:0;padding:0;list-style:none;columns:16em;column-gap:28px}
    nav li{padding:2px 0;break-inside:avoid}
    a{color:var(--c0)}
    section{margin:44px 0 0;padding-top:26px;border-top:1px solid var(--rule)}
    header.page + section{margin-top:8px;padding-top:0;border-top:0}
    .part{margin-top:34px}
    footer{margin-top:44px;padding-top:14px;border-top:1px solid var(--rule);color:var(--muted);font-size:13px;max-width:90ch}
    .violations{border:1px solid var(--bad);border-radius:10px;padding:14px 18px;margin:0 0 18px;background:var(--panel)}
    .violations h3{color:var(--bad)}
    .violations ul{margin:0;padding-left:20px}
    pre{margin:6px 0 10px;padding:8px 12px;overflow-x:auto;background:var(--empty);border-radius:6px;font-size:13px}
    code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}

    """

  private static let tables = """
    .scroll{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
    th,td{padding:6px 12px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--grid);vertical-align:top}
    thead th{color:var(--muted);font-weight:600;border-bottom:1px solid var(--rule);vertical-align:bottom}
    thead th,.results th:first-child{white-space:normal}
    th:first-child{text-align:left;font-weight:600}
    tfoot tr:first-child > *{border-top:2px solid var(--rule)}
    .results,.matrix,.words{background:var(--panel);border:1px solid var(--rule);width:100%}
    .results td,.matrix td{font-size:15px}
    .results th:first-child,.matrix th:first-child{position:sticky;left:0;background:var(--panel);z-index:1}
    td small,th small{display:block;color:var(--muted);font-size:12px;font-weight:400}
    th small.bad{color:var(--bad);font-weight:600}
    td.best{background:var(--best);font-weight:700}
    .words th,.words td{text-align:left;white-space:normal}
    .words td:first-child{white-space:nowrap}
    .words td.good,.words td.bad{white-space:nowrap;font-weight:600}
    .words td small{display:inline;margin-left:8px;white-space:nowrap}
    td a{color:inherit}
    .key{display:inline-block;width:10px;height:10px;margin-right:8px;border-radius:3px;background:var(--line);line-height:10px}
    details{margin-top:6px;font-size:13px;color:var(--muted)}
    details table{font-size:13px;color:var(--text);margin-top:6px}
    details th,details td{padding:3px 10px}
    summary{cursor:pointer}

    """

  private static let figures = """
    .legend{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:4px 16px;margin:22px 0 14px;padding:9px 0;
    background:var(--page);border-bottom:1px solid var(--rule);font-size:14px}
    .legend label{display:inline-flex;align-items:center;gap:6px;cursor:pointer;white-space:nowrap}
    .legend input{margin:0;accent-color:var(--muted)}
    .space{height:22px}
    .sample{width:26px;height:10px;overflow:visible}
    .charts,.heats{display:grid;gap:20px;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr))}
    .heats{grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr))}
    figure{margin:0;padding:14px 16px 12px;min-width:0;background:var(--panel);border:1px solid var(--rule);border-radius:10px}
    figcaption{margin-bottom:8px}
    figcaption p{margin:0;color:var(--muted);font-size:13px}
    figure svg{display:block;width:100%;height:auto;overflow:visible}
    svg text{fill:var(--muted);font-size:12px;font-variant-numeric:tabular-nums}
    svg .x{text-anchor:middle}
    svg .y,svg .last{text-anchor:end}
    .range .y,.value{fill:var(--text)}
    .value{font-weight:600}
    svg .fault{fill:var(--fault);font-weight:600}
    .grid,.axis,.tick,.group,.stem,.frame{fill:none;stroke:var(--grid);stroke-width:1}
    .axis,.tick,.group{stroke:var(--muted)}
    .band{fill:var(--shade)}
    .stem{stroke:var(--fault);stroke-width:1;opacity:.65}
    .frame{stroke:var(--fault);stroke-width:1.6}
    .line{fill:none;stroke:var(--line);stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
    .line.k0{stroke-width:2.8}
    .line:hover{stroke-width:4}
    .dot{fill:var(--line);stroke:var(--panel);stroke-width:1.5}
    .empty{fill:var(--empty)}
    .heat.load{--heat:var(--load)}
    .heat.ejected{--heat:var(--ejected)}
    .heat path[class^=h],.ramp rect{fill:var(--heat)}
    .scale{display:flex;align-items:center;gap:8px;margin:0 0 12px;color:var(--muted);font-size:13px}
    .ramp{width:112px;height:12px}
    .nothing{margin:6px 0;color:var(--muted)}
    .nothing.good{color:var(--good)}
    @media (max-width:640px){body{padding:18px 14px 32px}h1{font-size:25px}h2{font-size:21px}
    .lines text{font-size:17px}.lines text.fault{font-size:15px;font-weight:500}.heat text{font-size:13px}figure{padding:12px 10px 10px}th,td{padding:6px 9px}
    .legend{flex-wrap:nowrap;overflow-x:auto;font-size:13px}}
    @media (max-width:640px){.verdicts thead{display:none}.verdicts tr{display:grid;grid-template-columns:1fr auto;
    border-bottom:1px solid var(--grid);padding:6px 0}.verdicts td{border:0;padding:1px 10px}.verdicts td:empty{display:none}
    .verdicts td:first-child{grid-column:1/-1;font-weight:700;padding-bottom:4px}
    .verdicts td:last-child{grid-column:1/-1;color:var(--muted)}}
    @media print{.legend{position:static}details{display:none}}

    """
}

extension String {
  /// A tenth of a number below 10 in words: `1.3` is `0.13`.
  fileprivate var tenth: String {
    self == "10" ? "1" : "0." + filter { $0 != "." }
  }
}
