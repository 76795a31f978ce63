export { didYouMean, suggestion } from "@symbolon/protocol";
