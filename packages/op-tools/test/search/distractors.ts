import type { Risk, ToolDescriptor } from "op-tools";
import { toDescriptor } from "./catalogue.ts";

/** `product category: the nouns it deals in`. */
const products = `
salesforce crm: lead, contact, opportunity, account, campaign, case, quote, territory, forecast, report
hubspot crm: contact, company, deal, ticket, form, workflow, email template, list, owner, pipeline
stripe payments: customer, charge, refund, invoice, subscription, payout, coupon, dispute, price, product
shopify commerce: order, product, customer, cart, discount, inventory item, shipment, collection, refund, theme
jira tracking: issue, project, sprint, board, epic, component, worklog, attachment, filter, workflow
linear tracking: issue, cycle, project, team, label, roadmap, comment, view, document, milestone
asana tracking: task, project, section, portfolio, goal, tag, story, team, workspace, attachment
trello tracking: card, board, list, checklist, label, member, comment, attachment, power-up, webhook
notion knowledge: page, database, block, comment, workspace user, property, view, template, relation, export
confluence knowledge: page, space, blog post, attachment, label, comment, template, permission, restriction, version
aws_ec2 cloud: instance, volume, snapshot, security group, key pair, image, elastic address, subnet, network interface, launch template
aws_s3 cloud: bucket, object, lifecycle rule, multipart upload, policy, replication, access point, inventory, website, encryption
aws_rds cloud: database instance, snapshot, parameter group, proxy, cluster, event subscription, log file, option group, backup, reservation
aws_iam cloud: user, group, role, policy, access key, login profile, certificate, password policy, session, provider
gcp_compute cloud: instance, disk, firewall, network, route, image, machine type, address, snapshot, zone
azure_vm cloud: virtual machine, disk, network interface, availability set, extension, image, scale set, snapshot, gallery, key
kubernetes cluster: pod, deployment, service, ingress, config map, secret, node, namespace, job, volume claim
helm cluster: release, chart, repository, value, revision, hook, plugin, dependency, template, test
argocd delivery: application, project, cluster, repository, sync window, account, certificate, resource, rollout, notification
terraform delivery: workspace, run, plan, variable, state version, module, policy set, agent pool, provider, team
jenkins ci: job, build, node, view, plugin, credential, queue item, artifact, pipeline, test report
gitlab ci: project, merge request, pipeline, job, runner, issue, branch, tag, milestone, snippet
circleci ci: pipeline, workflow, job, context, project, schedule, artifact, test, orb, insight
bitbucket ci: repository, pull request, branch, commit, pipeline, deployment, webhook, permission, tag, snippet
datadog observability: monitor, dashboard, metric, event, log, incident, host, synthetic test, service level, notebook
grafana observability: dashboard, data source, alert rule, folder, annotation, panel, team, organisation, snapshot, silence
sentry observability: issue, event, project, release, alert, team, member, replay, transaction, key
pagerduty observability: incident, service, schedule, escalation policy, user, team, override, note, status update, maintenance window
prometheus observability: target, rule, alert, metric, label, series, snapshot, silence, exemplar, configuration
elastic observability: index, document, alias, template, snapshot, pipeline, node, shard, cluster setting, transform
mongodb database: collection, document, index, database, user, role, view, aggregation, shard, backup
mysql database: table, row, user, database, index, view, trigger, procedure, process, variable
snowflake database: warehouse, table, stage, task, stream, role, user, share, query, pipe
bigquery database: dataset, table, job, routine, model, view, reservation, transfer, policy, snapshot
airtable productivity: base, table, record, field, view, comment, webhook, attachment, form, interface
google_drive documents: file, folder, permission, comment, revision, shared drive, shortcut, change, export, label
google_docs documents: document, paragraph, comment, suggestion, image, table, header, footnote, style, bookmark
google_sheets documents: spreadsheet, sheet, row, column, cell range, chart, filter, named range, pivot table, protection
dropbox documents: file, folder, shared link, file request, team member, revision, paper document, tag, namespace, cursor
onedrive documents: file, folder, drive, permission, share, version, thumbnail, subscription, upload session, list item
zoom meetings: meeting, recording, participant, webinar, registrant, room, phone call, poll, report, user
teams chat: channel, message, chat, team, member, tab, app, meeting, file, presence
discord chat: channel, message, guild, role, member, emoji, invite, webhook, thread, sticker
telegram chat: message, chat, sticker, poll, bot command, file, member, invite link, topic, photo
twilio messaging: message, call, phone number, recording, queue, conference, verification, flow, worker, task
sendgrid messaging: email, template, contact list, sender, suppression, campaign, statistic, key, domain, webhook
mailchimp messaging: audience, campaign, template, member, segment, tag, automation, report, landing page, file
spotify media: playlist, track, album, artist, show, episode, device, queue, library, category
youtube media: video, channel, playlist, caption, comment, live broadcast, subscription, thumbnail, activity, search result
plex media: library, movie, show, episode, collection, playlist, session, server, device, poster
home_assistant home: light, switch, climate, scene, automation, sensor, cover, camera, area, script
hue home: light, room, scene, sensor, bridge, group, schedule, zone, entertainment area, behaviour
figma design: file, component, frame, comment, style, team, project, version, variable, image
canva design: design, asset, folder, brand template, comment, export, user, element, page, autofill
okta identity: user, group, application, policy, factor, session, log event, zone, role, token
auth0 identity: user, role, client, connection, rule, action, log, organisation, permission, grant
vault identity: secret, policy, token, role, mount, lease, key, audit device, namespace, identity
cloudflare network: zone, dns record, firewall rule, worker, page rule, certificate, tunnel, cache, load balancer, waiting room
vercel hosting: deployment, project, domain, environment variable, log, team, alias, certificate, webhook, edge config
netlify hosting: site, deploy, form, function, domain, hook, build, snippet, member, asset
xero accounting: invoice, bill, contact, account, payment, bank transaction, journal, tax rate, quote, item
quickbooks accounting: invoice, customer, vendor, bill, payment, expense, estimate, account, journal entry, item
workday people: worker, position, absence, payslip, organisation, candidate, job posting, expense report, goal, review
zendesk support: ticket, user, organisation, macro, trigger, view, article, satisfaction rating, group, tag
intercom support: conversation, contact, company, article, tag, segment, admin, note, ticket, event
servicenow support: incident, change request, problem, catalogue item, user, group, knowledge article, task, asset, approval
gnome_shell desktop: extension, window, workspace, overview, application, monitor, cursor, gesture, theme, wallpaper
evolution desktop: address book, memo list, calendar source, mail folder, contact photo, filter, account, signature, task list, search folder
`;

interface Verb {
  readonly word: string;
  readonly risk: Risk;
  readonly args: string;
  readonly sentence: (noun: string, product: string) => string;
}

const verbs: readonly Verb[] = [
  {
    word: "list",
    risk: "read",
    args: "limit: page size; cursor: where to go on",
    sentence: (noun, product) => `Lists every ${noun} in ${product}, page by page.`,
  },
  {
    word: "get",
    risk: "read",
    args: "id: identifier; fields: what to return",
    sentence: (noun, product) => `Gets one ${noun} from ${product} by its identifier.`,
  },
  {
    word: "create",
    risk: "write",
    args: "name: display name; attributes: keys and values",
    sentence: (noun, product) => `Creates a new ${noun} in ${product} and returns it.`,
  },
  {
    word: "update",
    risk: "write",
    args: "id: identifier; attributes: what to change",
    sentence: (noun, product) => `Changes attributes of an existing ${noun} in ${product}.`,
  },
  {
    word: "delete",
    risk: "destructive",
    args: "id: identifier",
    sentence: (noun, product) => `Removes a ${noun} from ${product} for good.`,
  },
  {
    word: "search",
    risk: "read",
    args: "query: words; limit: page size",
    sentence: (noun, product) => `Finds a ${noun} in ${product} by words and filters.`,
  },
  {
    word: "export",
    risk: "read",
    args: "format: csv or json; since: earliest change",
    sentence: (noun, product) => `Exports ${noun} data of ${product} to a file.`,
  },
  {
    word: "count",
    risk: "read",
    args: "filter: condition",
    sentence: (noun, product) => `Counts how many of kind ${noun} there are in ${product}.`,
  },
  {
    word: "share",
    risk: "write",
    args: "id: identifier; with: user or team",
    sentence: (noun, product) => `Gives another user access to a ${noun} in ${product}.`,
  },
  {
    word: "archive",
    risk: "write",
    args: "id: identifier",
    sentence: (noun, product) => `Archives a ${noun} in ${product}, so that it no longer shows.`,
  },
  {
    word: "watch",
    risk: "read",
    args: "id: identifier; url: where to notify",
    sentence: (noun, product) => `Notifies a webhook when a ${noun} changes in ${product}.`,
  },
  {
    word: "audit",
    risk: "read",
    args: "id: identifier; since: earliest time",
    sentence: (noun, product) => `Shows who changed a ${noun} in ${product}, and when.`,
  },
  {
    word: "clone",
    risk: "write",
    args: "id: identifier; name: name of the copy",
    sentence: (noun, product) => `Copies a ${noun} within ${product}.`,
  },
  {
    word: "validate",
    risk: "read",
    args: "id: identifier",
    sentence: (noun, product) => `Checks whether a ${noun} of ${product} is complete and correct.`,
  },
  {
    word: "schedule",
    risk: "write",
    args: "id: identifier; at: time",
    sentence: (noun, product) => `Plans a change of a ${noun} in ${product} for a later time.`,
  },
];

/**
 * Tools that are not what the questions ask for, although many share their words. The same `count` gives the same
 * tools, and a smaller one a prefix of them.
 */
export function createDistractors(count: number): readonly ToolDescriptor[] {
  const tools: ToolDescriptor[] = [];
  for (const verb of verbs) {
    for (const line of products.trim().split("\n")) {
      tools.push(...productTools(verb, line));
    }
  }
  if (tools.length < count) throw new RangeError(`there are only ${tools.length} distractors`);
  return tools.slice(0, count);
}

function productTools(verb: Verb, line: string): readonly ToolDescriptor[] {
  const [head = "", nouns = ""] = line.split(": ");
  const [source = "", category = ""] = head.split(" ");
  const product = source.replaceAll("_", " ");
  return nouns.split(", ").map((noun) =>
    toDescriptor({
      name: `${source}_${verb.word}_${noun.replaceAll(/[ -]/gu, "_")}`,
      description: verb.sentence(noun, product),
      category,
      source,
      risk: verb.risk,
      tags: category,
      args: verb.args,
    }),
  );
}
