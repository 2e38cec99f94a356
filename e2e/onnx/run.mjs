// Runs ONNX models with onnxruntime-web: node run.mjs JOB.json, where the job is
// [{model, inputs: {name: {type, width, values}}, output}]; prints the outputs.
import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-web";

ort.env.wasm.numThreads = 1;
const answers = [];
for (const { model, inputs, output } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  try {
    const session = await ort.InferenceSession.create(readFileSync(model));
    const feeds = {};
    for (const [name, { type, width, values }] of Object.entries(inputs)) {
      const data = type === "string" ? values : Float32Array.from(values, (v) => (v === null ? NaN : v));
      feeds[name] = new ort.Tensor(type, data, [values.length / width, width]);
    }
    answers.push(Array.from((await session.run(feeds))[output].data));
  } catch (e) {
    console.error(model + ":", e); // a number is what is left of a C++ exception
    process.exit(1);
  }
}
console.log(JSON.stringify(answers));
