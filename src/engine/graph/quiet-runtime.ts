import { quietRuntime } from "../../environment.js";

// Imported before ONNX Runtime, which looks there as it is loaded.
quietRuntime();
