// The journey through types of openapi-typescript and the client openapi-fetch.
import createClient from "openapi-fetch";
import type { components, paths } from "./openapi_typescript";

type Schemas = components["schemas"];

const client = createClient<paths>({
  baseUrl: process.env["BASE"] as string,
  headers: { Authorization: `Bearer ${process.env["TOKEN"]}` },
});
declare const process: { env: Record<string, string | undefined> };
const told: Record<string, unknown> = {};

const chain: Schemas["NotificationOrderChainRequest"] = {
  idempotencyId: "generated-chain",
  requestedSendTime: "2031-03-02T07:00:00Z",
  recipient: {
    recipientEmail: {
      emailAddress: "kari@example.com",
      emailSettings: { subject: "New invoice", body: "Log in to read it.", contentType: "Html" },
    },
  },
  reminders: [
    {
      delayDays: 7,
      recipient: {
        recipientSms: {
          phoneNumber: "+4799999999",
          smsSettings: { body: "An invoice awaits you." },
        },
      },
    },
  ],
};

async function cancel(id: string) {
  return client.PUT("/orders/{id}/cancel", { params: { path: { id } } });
}

async function main() {
  const created = await client.POST("/future/orders", { body: chain });
  const receipt: Schemas["NotificationOrderChainReceipt"] = created.data!.notification;
  const replayed = await client.POST("/future/orders", { body: chain });
  told["chain"] = [created.response.status, replayed.response.status];
  told["same"] = replayed.data?.notification.shipmentId === receipt.shipmentId;

  const older = await client.POST("/orders/email", {
    body: {
      requestedSendTime: "2031-03-02T07:00:00Z",
      recipients: [{ emailAddress: "kari@example.com" }],
      subject: "New invoice",
      body: "Log in to read it.",
    },
  });
  const ids = [older.data!.orderId!, receipt.shipmentId, receipt.reminders![0]!.shipmentId];
  told["older"] = older.response.status;
  told["cancelled"] = [];
  for (const id of ids) {
    const channel: Schemas["NotificationChannel"] | undefined = (await cancel(id)).data
      ?.notificationChannel;
    const status: Schemas["OrderStatus"] | undefined = (await cancel(id)).data?.processingStatus
      ?.status;
    (told["cancelled"] as unknown[]).push([channel, status]);
  }

  const late = (await cancel(process.env["TOO_LATE"] as string)).error;
  if (late?.status === 409) {
    const conflict: Schemas["ConflictProblem"] = late;
    told["conflict"] = [conflict.status, conflict.title, conflict.traceId.length];
  }
  const invalid = await client.POST("/future/orders", {
    body: { ...chain, idempotencyId: "generated-bad", recipient: {} },
  });
  if (invalid.error?.status === 400) {
    const problem: Schemas["ValidationProblem"] = invalid.error;
    told["invalid"] = [problem.status, Object.keys(problem.errors)];
  }
  const unreachable = await client.POST("/future/orders", {
    body: {
      ...chain,
      idempotencyId: "generated-unreachable",
      recipient: {
        recipientPerson: {
          nationalIdentityNumber: "88888888801",
          channelSchema: "Email",
          emailSettings: { subject: "New invoice", body: "Log in to read it." },
        },
      },
    },
  });
  if (unreachable.error?.status === 422) {
    const problem: Schemas["ContactMissingProblem"] = unreachable.error;
    told["unreachable"] = [problem.status, problem.code, problem.title];
  }
  console.log(JSON.stringify(told));
}

void main();
