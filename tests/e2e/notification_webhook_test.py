"""Notifications over a webhook, with the real program and a receiver that misbehaves: every
notification arrives, each attempt under the same id, through failures, outages and kill -9."""

import pathlib
import random
import subprocess
import tempfile
import time

from harness import Server, ServerCase, all_events, main, set_context, verify_audit, wait_for
from receiver import SECRET, Receiver, make_certificate


class WebhookCase(ServerCase):
    timeout_ms = 1500  # also a busy machine answers within it
    backoff_ms = 40
    max_attempts = 4
    env = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="yeyak-webhook-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.receiver = self.make_receiver()
        self.addCleanup(self.receiver.stop)
        (self.folder / "secret").write_text(SECRET + "\n")
        self.server = Server(
            "--notification-adapter", "webhook", "--notification-webhook-url", self.url(),
            "--notification-webhook-secret-file", str(self.folder / "secret"),
            "--notification-timeout-ms", str(self.timeout_ms),
            "--notification-backoff-ms", str(self.backoff_ms),
            "--notification-max-attempts", str(self.max_attempts), env=self.env)
        self.addCleanup(self.server.close)
        self.server.start()
        self.http = self.server.client()

    def tearDown(self):
        super().tearDown()
        self.assertEqual(self.receiver.wrong, [], "a signature or key is wrong")
        bodies = {}
        for one in self.receiver.got:
            self.assertEqual(bodies.setdefault(one.id, one.body), one.body,
                             "one id, one notification")

    def make_receiver(self):
        return Receiver().start()

    def url(self):
        return f"http://127.0.0.1:{self.receiver.port}/hooks/yeyak?from=test"

    def notify(self, status=202, headers=None):
        answer = self.http.send("POST", "/notifications/test", headers=headers)
        self.assertEqual(answer.status, status, answer)
        return answer.json().get("id")

    def row(self, notification):
        answer = self.http.get(f"/notifications/{notification}")
        self.assertEqual(answer.status, 200, answer)
        return answer.json()

    def wait_for_status(self, notification, status):
        return wait_for(f"{notification} {status}", lambda: (
            row := self.row(notification))["status"] == status and row)

    def story(self, notification):
        events = all_events(self.http)
        stream = f"notification.notification-{notification}"
        return [event["type"].removeprefix("notification.notification_").removesuffix(".v1")
                for event in events if event["stream"] == stream]

    def again(self, kill):
        self.server.restart(kill)
        self.http = self.server.client()


class Deliveries(WebhookCase):
    def test_a_notification_arrives_once_and_signed(self):
        made = self.notify(headers={"X-Actor": "operator-3"})
        row = self.wait_for_status(made, "delivered")
        self.assertEqual((row["recipient"], row["kind"], row["context"], row["attempts"]),
                         ("operator-3", "test", "notification", 1))
        self.assertEqual(self.receiver.ids(), [made])
        got = self.receiver.got[0]
        self.assertEqual(got.json()["type"], "test")
        self.assertEqual(got.json()["data"]["id"], made)
        self.assertEqual(got.json()["data"]["textKo"], row["textKo"])
        self.assertEqual(got.headers["Content-Type"], "application/json")
        self.assertLess(abs(int(got.headers["webhook-timestamp"]) - time.time()), 60)
        self.again(kill=False)
        self.assertEqual(self.row(made)["status"], "delivered")
        self.assertEqual(len(self.receiver.got), 1)

    def test_failures_are_retried_with_growing_pauses_under_the_same_id(self):
        def fails(handler, _, number):
            handler.answer([503, 500, 204][number])
        self.receiver.behaviour = fails
        made = self.notify()
        row = self.wait_for_status(made, "delivered")
        self.assertEqual((row["attempts"], row["reason"], row["retryAt"]), (3, "http_500", None))
        self.assertEqual(self.receiver.ids(), [made] * 3)
        self.assertEqual(self.story(made), ["requested", "postponed", "retried", "postponed",
                                            "retried", "delivered"])
        first, second, third = (one.at for one in self.receiver.got)
        self.assertGreaterEqual(second - first, self.backoff_ms / 2000)
        self.assertGreaterEqual(third - second, self.backoff_ms / 1000)

    def test_a_receiver_that_asks_for_a_pause_gets_it(self):
        def busy(handler, _, number):
            if number == 0:
                handler.answer(429, Retry_After=1)
            else:
                handler.answer(200)
        self.receiver.behaviour = busy
        self.wait_for_status(self.notify(), "delivered")
        first, second = (one.at for one in self.receiver.got)
        self.assertGreaterEqual(second - first, 0.9)

    def test_a_slow_answer_is_a_failure_and_the_receiver_knows_the_id(self):
        def slow(handler, _, number):
            if number == 0:
                time.sleep(3 * self.timeout_ms / 1000)
            handler.answer(204)
        self.receiver.behaviour = slow
        made = self.notify()
        self.assertEqual(self.wait_for_status(made, "delivered")["reason"], "timeout")
        self.assertEqual(self.receiver.ids(), [made] * 2)

    def test_a_connection_that_ends_early_is_a_failure(self):
        def cut(handler, _, number):
            if number == 0:
                handler.close_without_answer()
            else:
                handler.answer(204)
        self.receiver.behaviour = cut
        made = self.notify()
        row = self.wait_for_status(made, "delivered")
        self.assertTrue(row["reason"].startswith("answer: "), row)
        self.assertEqual(self.receiver.ids(), [made] * 2)

    def test_an_interim_answer_is_not_the_answer(self):
        """RFC 9110, section 15.2: any number of them may come before it."""
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"

        def hint_first(handler, delivered, number):
            handler.wfile.write(hints + b"HTTP/1.1 100 Continue\r\n\r\n" + hints)
            handler.answer(200)

        self.receiver.behaviour = hint_first
        number = self.notify()
        self.wait_for_status(number, "delivered")
        self.assertEqual(self.receiver.ids(), [number])

    def test_who_never_comes_to_the_answer_fails(self):
        def hint_only(handler, delivered, number):
            if number > 0:
                return handler.answer(204)
            handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 40)
            handler.answer(204)

        self.receiver.behaviour = hint_only
        number = self.notify()
        self.wait_for_status(number, "delivered")
        self.assertEqual(self.receiver.ids(), [number, number])

    def test_a_success_whose_body_is_cut_off_is_a_success(self):
        def cut(handler, _, __):
            handler.answer(200, Content_Length=1000)
            handler.close_without_answer()
        self.receiver.behaviour = cut
        self.assertEqual(self.wait_for_status(self.notify(), "delivered")["attempts"], 1)

    def test_nobody_listens_for_a_while(self):
        self.receiver.stop()
        made = self.notify()
        row = self.wait_for_status(made, "postponed")
        self.assertTrue(row["reason"].startswith("connect: "), row)
        self.receiver.start()
        self.wait_for_status(made, "delivered")
        self.assertEqual(self.receiver.ids(), [made])


class DeadLetters(WebhookCase):
    def test_after_the_last_attempt_it_is_given_up_until_an_operator_replays_it(self):
        broken = True

        def fails(handler, _, __):
            handler.answer(500 if broken else 204)
        self.receiver.behaviour = fails
        made = self.notify()
        row = self.wait_for_status(made, "dead")
        self.assertEqual((row["attempts"], row["reason"]), (self.max_attempts, "http_500"))
        self.assertIn('"event":"notification_failed"', self.server.log())
        listed = self.http.get("/notifications?status=dead").json()["_embedded"]["notifications"]
        self.assertEqual([one["id"] for one in listed], [made])
        self.again(kill=True)
        broken = False
        replay = f"/notifications/{made}/replay"
        headers = {"X-Actor": "operator-3", "Idempotency-Key": "replay-1"}
        answer = self.http.send("POST", replay, headers=headers)
        self.assertEqual((answer.status, answer.json()["status"]), (202, "requested"), answer)
        row = self.wait_for_status(made, "delivered")
        self.assertEqual((row["replayedBy"], row["attempts"]), ("operator-3", 5))
        self.assertEqual(self.receiver.ids(), [made] * 5)
        repeated = self.http.send("POST", replay, headers=headers)
        self.assertEqual((repeated.status, repeated.body), (202, answer.body))
        self.assertEqual(repeated.headers["Idempotent-Replayed"], "true")
        self.problem(self.http.send("POST", replay), 409, "notification_not_dead")
        self.assertEqual(len(self.receiver.got), 5)

    def test_what_the_receiver_never_will_take_is_given_up_at_once(self):
        for status in (410, 400, 404):
            self.receiver.behaviour = lambda handler, _, __: handler.answer(status)
            row = self.wait_for_status(self.notify(), "dead")
            self.assertEqual((row["attempts"], row["reason"]), (1, f"http_{status}"))

    def test_only_dead_ones_are_replayed(self):
        self.problem(self.http.send("POST", "/notifications/market-reserved-17/replay"), 404,
                     "notification_unknown")
        self.problem(self.http.send("POST", "/notifications/%FF/replay"), 422, "bad_utf8", "id")
        self.problem(self.http.get("/notifications/%FF"), 422, "bad_utf8", "id")
        for strange in ("a%20b", "a.b"):
            self.problem(self.http.send("POST", f"/notifications/{strange}/replay"), 404,
                         "notification_unknown", "id")
            self.problem(self.http.get(f"/notifications/{strange}"), 404, "not_found", "id")
        self.assertEqual(self.http.get("/notifications/test").status, 405)
        self.problem(self.http.get("/notifications?stat=dead"), 400, "unknown_parameter", "stat")


class Outages(WebhookCase):
    kill = False
    backoff_ms = 400

    def test_a_stopped_context_takes_nothing_and_goes_on_afterwards(self):
        self.receiver.behaviour = lambda handler, _, number: handler.answer(
            204 if number else 503)
        made = self.notify()
        self.wait_for_status(made, "postponed")
        set_context(self.http, "notification", state="down")
        self.problem(self.http.send("POST", "/notifications/test"), 503, "context_down")
        self.assertEqual(self.http.get("/notifications").status, 503)
        self.again(self.kill)
        time.sleep(1.5 * self.backoff_ms / 1000)
        self.assertEqual(len(self.receiver.got), 1, "nothing leaves a stopped context")
        set_context(self.http, "notification", state="up")
        self.wait_for_status(made, "delivered")
        self.assertEqual(set(self.receiver.ids()), {made})

    def test_what_is_under_way_when_the_process_ends_arrives_afterwards(self):
        self.receiver.behaviour = lambda handler, _, number: handler.answer(204) if number else \
            time.sleep(5)
        made = self.notify()
        wait_for("the first attempt", lambda: self.receiver.got)
        self.again(self.kill)
        self.wait_for_status(made, "delivered")
        self.assertEqual(self.receiver.ids(), [made] * len(self.receiver.got))
        self.assertGreaterEqual(len(self.receiver.got), 2)

    def test_injected_faults(self):
        set_context(self.http, "notification", failRate=1)
        made = self.notify()
        self.assertEqual(self.wait_for_status(made, "dead")["reason"], "failed")
        self.assertEqual(self.receiver.got, [])
        set_context(self.http, "notification", failRate=0, loseRate=1)
        lost = self.notify()
        wait_for("two attempts", lambda: len(self.receiver.got) >= 2)
        self.again(self.kill)
        set_context(self.http, "notification", loseRate=0)
        row = wait_for("an end", lambda: (r := self.row(lost))["status"] in ("delivered", "dead")
                       and r)
        self.assertEqual(set(self.receiver.ids()), {lost}, row)


class OutagesWithKill(Outages):
    kill = True


class Kills(WebhookCase):
    max_attempts = 50

    def test_every_notification_arrives_under_one_id_whatever_is_killed(self):
        dice = random.Random(7)
        self.receiver.behaviour = lambda handler, _, __: handler.answer(
            dice.choice([204, 204, 503, 204]))
        made = []
        for _ in range(12):
            made += [self.notify() for _ in range(dice.randrange(4, 12))]
            time.sleep(dice.uniform(0, 0.05))
            self.again(kill=True)
        self.assertEqual(len(set(made)), len(made))
        for one in made:
            self.wait_for_status(one, "delivered")
        self.assertEqual(set(self.receiver.ids()), set(made))
        for one in made:
            self.assertEqual(self.story(one).count("delivered"), 1)
            self.assertEqual(self.story(one).count("requested"), 1)
        self.server.stop()
        verify_audit(self.server)


class Https(WebhookCase):
    def make_receiver(self):
        self.certificate = make_certificate(self.folder)
        self.env = {"SSL_CERT_FILE": str(self.certificate[0])}
        return Receiver(certificate=self.certificate).start()

    def url(self):
        return f"https://127.0.0.1:{self.receiver.port}/"

    def test_a_trusted_receiver_gets_it(self):
        made = self.notify()
        self.wait_for_status(made, "delivered")
        self.assertEqual(self.receiver.ids(), [made])

    def test_one_that_nobody_vouches_for_gets_nothing(self):
        self.server.env = {"SSL_CERT_FILE": "/dev/null"}
        self.again(kill=False)
        row = self.wait_for_status(self.notify(), "dead")
        self.assertTrue(row["reason"].startswith("tls: "), row)
        self.assertEqual(self.receiver.got, [])


class Settings(ServerCase):
    """The log is the channel when no other is set; half a webhook is refused."""

    def test_the_log_has_one_line_without_what_it_says(self):
        answer = self.http.send("POST", "/notifications/test", headers={"X-Actor": "kim-young"})
        made = answer.json()["id"]
        wait_for("delivered", lambda: self.http.get(
            f"/notifications/{made}").json()["status"] == "delivered")
        lines = [line for line in self.server.log().split("\n")
                 if '"event":"notification"' in line]
        self.assertEqual(len(lines), 1)
        self.assertIn(made, lines[0])
        for private in ("kim-young", answer.json()["textEn"], answer.json()["textKo"]):
            self.assertNotIn(private, lines[0])

    def refused(self, *flags):
        other = Server(*flags, system=None)
        self.addCleanup(other.close)
        run = subprocess.run(other.command(), capture_output=True, text=True, timeout=20)
        self.assertEqual(run.returncode, 3, run.stderr)
        return run.stderr

    def test_half_a_webhook_is_refused_with_what_to_mend(self):
        webhook = ("--notification-adapter", "webhook")
        url = ("--notification-webhook-url", "http://127.0.0.1:9/")
        secret = self.server.home / "secret"
        self.assertIn("notification.webhook_url", self.refused(*webhook))
        self.assertIn("notification.webhook_secret_file", self.refused(*webhook, *url))
        given = ("--notification-webhook-secret-file", str(secret))
        self.assertIn("cannot be read", self.refused(*webhook, *url, *given))
        secret.write_text("too short")
        self.assertIn("whsec_", self.refused(*webhook, *url, *given))
        secret.write_text(SECRET)
        bad = ("--notification-webhook-url", "ftp://a/")
        self.assertIn("http://", self.refused(*webhook, *bad, *given))


if __name__ == "__main__":
    main()
