// The journey through the client that @hey-api/openapi-ts generates.
import {
  cancelOrder,
  createEmailOrder,
  createOrderChain,
  type ConflictProblem,
  type ContactMissingProblem,
  type NotificationChannel,
  type NotificationOrderChainReceipt,
  type NotificationOrderChainRequest,
  type OrderStatus,
  type ValidationProblem,
} from "./hey_api";
import { client } from "./hey_api/client.gen";

client.setConfig({
  baseUrl: process.env["BASE"] as string,
  auth: () => process.env["TOKEN"] as string,
});
declare const process: { env: Record<string, string | undefined> };
const told: Record<string, unknown> = {};

const chain: NotificationOrderChainRequest = {
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
  return cancelOrder({ path: { id } });
}

async function main() {
  const created = await createOrderChain({ body: chain });
  const receipt: NotificationOrderChainReceipt = created.data!.notification;
  const replayed = await createOrderChain({ body: chain });
  told["chain"] = [created.response?.status, replayed.response?.status];
  told["same"] = replayed.data?.notification.shipmentId === receipt.shipmentId;

  const older = await createEmailOrder({
    body: {
      requestedSendTime: "2031-03-02T07:00:00Z",
      recipients: [{ emailAddress: "kari@example.com" }],
      subject: "New invoice",
      body: "Log in to read it.",
    },
  });
  const ids = [older.data!.orderId!, receipt.shipmentId, receipt.reminders![0]!.shipmentId];
  told["older"] = older.response?.status;
  told["cancelled"] = [];
  for (const id of ids) {
    const channel: NotificationChannel | undefined = (await cancel(id)).data?.notificationChannel;
    const status: OrderStatus | undefined = (await cancel(id)).data?.processingStatus?.status;
    (told["cancelled"] as unknown[]).push([channel, status]);
  }

  const late = (await cancel(process.env["TOO_LATE"] as string)).error;
  if (late?.status === 409) {
    const conflict: ConflictProblem = late;
    told["conflict"] = [conflict.status, conflict.title, conflict.traceId.length];
  }
  const invalid = await createOrderChain({
    body: { ...chain, idempotencyId: "generated-bad", recipient: {} },
  });
  if (invalid.error?.status === 400) {
    const problem: ValidationProblem = invalid.error;
    told["invalid"] = [problem.status, Object.keys(problem.errors)];
  }
  const unreachable = await createOrderChain({
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
    const problem: ContactMissingProblem = unreachable.error;
    told["unreachable"] = [problem.status, problem.code, problem.title];
  }
  console.log(JSON.stringify(told));
}

void main();
