import { registerClient, RegistrationRejectedError } from "@modelcontextprotocol/client";
import type { RecordProvider } from "./record-provider.ts";

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Whether a registration was refused that may be accepted when it says nothing of scopes. */
export function isRefusedForItsScope(error: unknown): boolean {
  return (
    error instanceof RegistrationRejectedError &&
    error.status === 400 &&
    error.submittedMetadata.scope !== undefined
  );
}

/**
 * Registers the client without naming scopes. The flow names those that the MCP server wants, and some authorization
 * servers take only their own in a registration, though they grant the others.
 */
export async function registerPlainly(provider: RecordProvider, fetchFn: Fetch): Promise<void> {
  const { discovery } = provider.record;
  if (discovery === undefined || provider.saveClientInformation === undefined) return;
  const { authorizationServerUrl, authorizationServerMetadata: metadata } = discovery;
  const { scope: _scope, ...clientMetadata } = provider.clientMetadata;
  const client = await registerClient(authorizationServerUrl, {
    ...(metadata === undefined ? {} : { metadata }),
    clientMetadata: { application_type: "native", ...clientMetadata },
    fetchFn,
  });
  await provider.saveClientInformation({
    ...client,
    issuer: metadata?.issuer ?? authorizationServerUrl,
  });
}
