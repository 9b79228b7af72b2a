/** Pictures, grids and charts as PNG. */
export { encodePng, imagesToPng, readImage, toRgbImages, type ImageBatch, type RgbImage } from './image.js';
export { grid, layOut, type GridOptions } from './image-grid.js';
export { renderLineChart, type LineChart, type Series } from './chart.js';
export { renderBarChart, type BarChart, type BarSeries } from './bar-chart.js';
export { filmStrip, type Moment } from './film-strip.js';
export { renderHeatMap, type HeatAxis, type HeatMap } from './heat-map.js';
export { openEditSheets, type EditSheets, type SheetOptions } from './edit-sheets.js';
export { chartLosses, LOSS_TERMS } from './loss-chart.js';
