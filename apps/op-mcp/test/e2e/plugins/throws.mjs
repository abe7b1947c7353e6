// A plugin that cannot even be imported.
throw new Error("the plugin's own database is gone");
