import * as z from "zod";
import { secretReferencePattern, secretReferenceSyntax } from "../secrets/secret-reference.ts";

/** Signatures whose public key cannot make one; the symmetric ones and `none` cannot even be configured. */
const Algorithm = z.enum([
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
]);

const texts = z.array(z.string().min(1));

/** One issuer of OAuth tokens. */
export const IssuerConfig = z
  .strictObject({
    issuer: z
      .string()
      .regex(/^https?:\/\//u)
      .meta({
        description:
          "The issuer exactly as its tokens name it, for example `https://login.example.org`; `http` on this machine only.",
      }),
    name: z
      .string()
      .regex(/^[a-z0-9-]*$/u)
      .default("")
      .meta({
        description:
          "Stands before subjects, as in `oauth:sub=NAME/alice`; needed where there is more than one issuer, because each has an alice of its own.",
      }),
    validation: z.enum(["jwt", "introspection"]).default("jwt").meta({
      description:
        "How tokens are checked: by their signature, or by asking the issuer, which opaque tokens need.",
    }),
    algorithms: z
      .array(Algorithm)
      .min(1)
      .default(["RS256", "PS256", "ES256", "EdDSA", "Ed25519"])
      .meta({ description: "The signatures taken from this issuer." }),
    tokenTypes: texts.min(1).default(["at+jwt"]).meta({
      description:
        "The `typ` of its access tokens; add `JWT` for issuers older than RFC 9068. ID tokens are refused either way.",
    }),
    audiences: texts.default([]).meta({
      description:
        "Names this server has in `aud` besides `auth.oauth.resource`, for issuers without RFC 8707.",
    }),
    scopeClaims: texts.default(["scope", "scp"]).meta({
      description: "The claims in which scopes are, as text with spaces or as a list.",
    }),
    acceptedScopes: texts.default([]).meta({
      description: "The scopes this issuer may grant; others are ignored. Empty means all.",
    }),
    jwksUrl: z.string().default("").meta({
      description: "Where its keys are; empty means where its metadata says.",
    }),
    introspectionUrl: z.string().default("").meta({
      description: "Where tokens are asked about; empty means where its metadata says.",
    }),
    clientId: z.string().default("").meta({
      description: "As whom op-mcp asks about tokens.",
    }),
    clientSecret: z
      .string()
      .regex(secretReferencePattern)
      .default("")
      .meta({
        description: `The secret op-mcp asks about tokens with: ${secretReferenceSyntax}.`,
        secret: true,
      }),
  })
  .meta({ description: "One issuer of OAuth tokens." });

/** One issuer of OAuth tokens, complete. */
export type IssuerConfig = z.output<typeof IssuerConfig>;

/** Tokens of OAuth 2.1. */
export const OAuthConfig = z
  .strictObject({
    resource: z.string().default("").meta({
      description:
        "The URL clients know this server by, without a slash at its end, which tokens must be for; empty means the URL op-mcp listens on.",
    }),
    issuers: z.array(IssuerConfig).default([]).meta({
      description: "Whose tokens are taken. Without any, OAuth is off.",
    }),
    scopes: texts.default([]).meta({
      description: "The scopes there are, for clients that ask which to get.",
    }),
    requiredScopes: texts.default([]).meta({
      description: "The scopes every token must have, whatever it is used for.",
    }),
    scopeRoles: z.record(z.string(), z.string()).default({}).meta({
      description: "Roles of the policy by the scope that gives them, as in `mcp.admin: admin`.",
    }),
    clockSkewMs: z.int().nonnegative().max(300_000).default(30_000).meta({
      description: "How far the clocks of issuers may be off, in milliseconds.",
    }),
    keysFreshMs: z.int().positive().default(600_000).meta({
      description: "How long the keys of an issuer are used before they are fetched again.",
    }),
    keysStaleMs: z.int().nonnegative().default(3_600_000).meta({
      description: "How long they go on to be used when the issuer cannot be reached.",
    }),
    introspectionCacheMs: z.int().nonnegative().default(15_000).meta({
      description:
        "How long an issuer's answer about a token counts; a revocation takes that long.",
    }),
  })
  .meta({ description: "Tokens of OAuth 2.1." });

/** Tokens of OAuth 2.1, complete. */
export type OAuthConfig = z.output<typeof OAuthConfig>;

/** Which client certificates let in, and as whom. */
export const CertificateConfig = z
  .strictObject({
    match: texts.min(1).meta({
      description:
        "What the certificate is called; every pattern must fit one name, and `*` stands for any text: `CN:…`, `O:…`, `OU:…`, `DNS:…`, `URI:…`, `email:…`, `IP:…`, `SHA256:…` (the certificate itself).",
    }),
    principal: z.string().default("").meta({
      description:
        "Who it is, as in `cert:build-server`; empty means `cert:` and the name that fits the first pattern.",
    }),
    scopes: texts.default([]).meta({ description: "The scopes it has." }),
  })
  .meta({ description: "Which client certificates let in, and as whom." });

/** Which client certificates let in, complete. */
export type CertificateConfig = z.output<typeof CertificateConfig>;

/** Who may enter. */
export const AuthConfig = z
  .strictObject({
    isAnonymousAllowed: z.boolean().default(false).meta({
      description:
        "Whether whoever proves nothing is let in as `anonymous`; only where no other machine reaches op-mcp.",
    }),
    isLocalTokenAccepted: z.boolean().default(true).meta({
      description:
        "Whether programs on this machine are let in by the token in `paths.stateDir`, as the user op-mcp runs as.",
    }),
    keysPath: z.string().default("").meta({
      description: "Holds the API keys; empty means `$XDG_STATE_HOME/op-mcp/api-keys.json`.",
    }),
    hosts: texts.default([]).meta({
      description:
        "Names this server has besides its address, as in `mcp.example.org`; requests for other names are refused.",
    }),
    origins: texts.default([]).meta({
      description: "Web pages that may call, as in `https://app.example.org`; others are refused.",
    }),
    oauth: OAuthConfig.prefault({}),
    certificates: z.array(CertificateConfig).default([]).meta({
      description: "Which client certificates let in, and as whom; the first that fits decides.",
    }),
    slowing: z
      .strictObject({
        freeFailures: z.int().nonnegative().default(5).meta({
          description: "How many failures of an address or a key cost nothing.",
        }),
        initialDelayMs: z.int().positive().default(1000).meta({
          description: "The wait after the next one; each further one doubles it.",
        }),
        maxDelayMs: z.int().positive().default(300_000).meta({
          description: "The longest wait.",
        }),
        maxSources: z.int().positive().default(10_000).meta({
          description: "How many addresses and keys are remembered.",
        }),
      })
      .prefault({})
      .meta({ description: "How those who try things out are slowed." }),
  })
  .meta({ description: "Who may enter." });

/** Who may enter, complete. */
export type AuthConfig = z.output<typeof AuthConfig>;
