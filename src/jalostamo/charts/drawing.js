// What a chart asks of ECharts beside its own series: Inter's widths, and intervals drawn as whiskers and bars.
"use strict";

let typeface = {};

function setTypeface(widths) {
  typeface = widths;
  echarts.setPlatformAPI({ measureText: (text, font) => ({ width: widthOf(text, font) }) });
}

function widthOf(text, font) {
  const size = parseFloat((/([\d.]+)px/.exec(font) || [0, 12])[1]);
  const widths = typeface[/\b(600|bold)\b/.test(font) ? 600 : 400];
  let width = 0;
  for (const character of text || "") width += widths[character] ?? (character > "\u2e80" ? 1 : 0.62);
  return width * size;
}

function line(x1, y1, x2, y2, ink, lineWidth) {
  return { type: "line", shape: { x1, y1, x2, y2 }, style: { fill: null, stroke: ink, lineWidth } };
}

const SHAPES = {
  rule(item, api) {
    const [x, from] = api.coord([item.at, item.from]);
    const [, to] = api.coord([item.at, item.to]);
    return line(x, from, x, to, item.ink, item.weight);
  },
  level(item, api) {
    const [from, y] = api.coord([item.from, item.y]);
    const [to] = api.coord([item.to, item.y]);
    return line(from, y, to, y, item.ink, 1);
  },
  whisker(item, api) {
    const [left, y] = api.coord([item.low, item.y]);
    const [right] = api.coord([item.high, item.y]);
    const cap = (x) => line(x, y - 5, x, y + 5, item.ink, 2);
    return { type: "group", children: [line(left, y, right, y, item.ink, 2), cap(left), cap(right)] };
  },
  bar(item, api) {
    const [left, y] = api.coord([item.low, item.y]);
    const [right] = api.coord([item.high, item.y]);
    const shape = { x: left, y: y - 5, width: right - left, height: 10 };
    return { type: "rect", shape, style: { fill: item.ink, opacity: 0.28 } };
  },
};

function withShapes(series) {
  if (series.type !== "custom") return series;
  const { shape, items, ...rest } = series;
  const draw = SHAPES[shape];
  return { ...rest, data: items.map((_, place) => [place]), renderItem: (params, api) => draw(items[params.dataIndex], api) };
}

function drawn(option, width, height) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ ...option, series: option.series.map(withShapes) });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
