// A plugin whose list never comes.
export function openToolSource() {
  return {
    name: "never-lists",
    list: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => setInterval(() => undefined, 1000)),
      }),
    }),
    load: () => Promise.reject(new Error("there is none")),
    async [Symbol.asyncDispose]() {},
  };
}
