/**
 * The package `canvas` that chartjs-node-canvas asks for.
 *
 * The real one (node-canvas) downloads or compiles a binary on installation; @napi-rs/canvas ships one inside its npm
 * package and has an entry with node-canvas's own interface: callback form of `toBuffer`, streams, `registerFont`.
 * This workspace package lends that entry the name; npm links it in place of the registry's `canvas`.
 */
'use strict';

module.exports = require('@napi-rs/canvas/node-canvas');
