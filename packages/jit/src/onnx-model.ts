/**
 * Serialises a traced graph as an ONNX model (IR version 8, operator set 18) through the protobuf classes of
 * `onnx-proto`. Initializers are stored as raw little-endian bytes.
 */
import onnxProto from 'onnx-proto';
import { sizeOf, type Attribute, type ElementType, type Graph, type Value } from './graph.js';

const { onnx } = onnxProto;
const { DataType } = onnx.TensorProto;
const { AttributeType } = onnx.AttributeProto;

const dataTypes = {
  float32: DataType.FLOAT,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
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

/** The bytes of the graph as a plain `.onnx` file that any ONNX Runtime loads. */
export function encodeModel(graph: Graph, name: string): Uint8Array {
  const weights = graph.initializers.reduce((bytes, t) => bytes + t.elements.byteLength, 0);
  if (weights > largestModel)
    throw new Error(
      `the graph holds ${(weights / 2 ** 30).toFixed(1)} GiB of constants; an ONNX file holds 2 GiB at most`,
    );
  const used = new Set(graph.nodes.flatMap((node) => node.inputs));
  const model = {
    irVersion: 8,
    producerName: 'styleclip-jit',
    opsetImport: [{ domain: '', version: 18 }],
    graph: {
      name,
      node: graph.nodes.map((node) => ({
        opType: node.op,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([key, value]) => attribute(key, value)),
      })),
      initializer: graph.initializers
        .filter((t) => used.has(t.name))
        .map((t) => {
          if (t.elements.length !== sizeOf(t.shape))
            throw new Error(`constant ${t.name} has ${t.elements.length} elements for shape [${t.shape}]`);
          return {
            name: t.name,
            dims: [...t.shape],
            dataType: dataTypes[t.dtype],
            rawData: new Uint8Array(t.elements.buffer, t.elements.byteOffset, t.elements.byteLength),
          };
        }),
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
    },
  };
  return onnx.ModelProto.encode(model).finish();
}
