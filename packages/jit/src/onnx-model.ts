/**
 * Serialises a traced graph as an ONNX model (IR version 8, operator set 18) through the protobuf classes of
 * `onnx-proto`. Initializers are raw little-endian bytes.
 *
 * A model for a file holds all of them, and protobuf's 2 GiB bound it. A model for a session leaves the large ones out
 * and passes them beside it as they lie in memory: no copy of a network's weights is made on the way.
 */
import onnxProto from 'onnx-proto';
import {
  sizeOf,
  type Attribute,
  type ElementType,
  type Graph,
  type Initializer,
  type Node,
  type Value,
} from './graph.js';

const { onnx } = onnxProto;
const { DataType } = onnx.TensorProto;
const { AttributeType } = onnx.AttributeProto;

const dataTypes = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
  float64: DataType.DOUBLE,
} satisfies Record<ElementType, number>;

/** A protobuf message is limited to 2 GiB. */
const largestModel = 2 ** 31 - 1;

function attribute(name: string, value: Attribute) {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

const valueInfo = ({ name, shape, dtype }: Value) => ({
  name,
  type: { tensorType: { elemType: dataTypes[dtype], shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
});

/** Constants smaller than this stay in the model: ONNX Runtime looks into shapes, axes and scalars while it loads. */
const smallestApart = 4096;

/** A constant's elements beside the model, under the constant's name. */
export interface ModelData {
  readonly path: string;
  readonly data: Uint8Array;
}

/** What a session is opened from: the model, and the large constants beside it. */
export interface SessionModel {
  readonly model: Uint8Array;
  readonly data: ModelData[];
}

/** The bytes of the graph as a plain `.onnx` file that any ONNX Runtime loads. */
export function encodeModel(graph: Graph, name: string): Uint8Array {
  const weights = graph.initializers.reduce((bytes, t) => bytes + t.elements.byteLength, 0);
  if (weights > largestModel)
    throw new Error(
      `the graph holds ${(weights / 2 ** 30).toFixed(1)} GiB of constants; an ONNX file holds 2 GiB at most`,
    );
  return encode(graph, name, () => false).model;
}

/** The graph for a session in this process: the model, and the large constants beside it, not copied. */
export function encodeForSession(graph: Graph, name: string): SessionModel {
  return encode(graph, name, ({ elements }) => elements.byteLength >= smallestApart);
}

/** The nodes that the outputs depend on; gradients compute some that nobody asks for. */
function neededNodes(graph: Graph): readonly Node[] {
  const wanted = new Set(graph.outputs.map(({ name }) => name));
  const needed: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    needed.push(node);
    for (const name of node.inputs) wanted.add(name);
  }
  return needed.reverse();
}

function encode(graph: Graph, name: string, apart: (t: Initializer) => boolean): SessionModel {
  const nodes = neededNodes(graph);
  const used = new Set(nodes.flatMap((node) => node.inputs));
  const data: ModelData[] = [];
  const initializer = graph.initializers
    .filter((t) => used.has(t.name))
    .map((t) => {
      if (t.elements.length !== sizeOf(t.shape))
        throw new Error(`constant ${t.name} has ${t.elements.length} elements for shape [${t.shape}]`);
      const bytes = new Uint8Array(t.elements.buffer, t.elements.byteOffset, t.elements.byteLength);
      const common = { name: t.name, dims: [...t.shape], dataType: dataTypes[t.dtype] };
      if (!apart(t)) return { ...common, rawData: bytes };
      data.push({ path: t.name, data: bytes });
      const where = { location: t.name, offset: '0', length: String(bytes.length) };
      return {
        ...common,
        dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
        externalData: Object.entries(where).map(([key, value]) => ({ key, value })),
      };
    });
  const model = {
    irVersion: 8,
    producerName: 'styleclip-jit',
    opsetImport: [{ domain: '', version: 18 }],
    graph: {
      name,
      node: nodes.map((node) => ({
        opType: node.op,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([key, value]) => attribute(key, value)),
      })),
      initializer,
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
    },
  };
  return { model: onnx.ModelProto.encode(model).finish(), data };
}
