-- Webhooks are told side by side, so each is asked for its own deliveries.
DROP INDEX webhook_delivery_ready;
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook, ready, event)
  WHERE state = 'waiting';
