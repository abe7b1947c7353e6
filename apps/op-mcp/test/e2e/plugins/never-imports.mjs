// A plugin whose import never ends.
await new Promise(() => setInterval(() => undefined, 1000));
