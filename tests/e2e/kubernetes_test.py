"""deploy/kubernetes/: what kustomize makes of it is what the API of Kubernetes takes, field by field
(tests/npm/kubernetes.mjs), its parts fit together, and the settings in it are those of the program."""

import functools
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import harness
from harness import main

ROOT = pathlib.Path(__file__).resolve().parents[2]
NPM = ROOT / "tests/npm"
# initialDelay, timeout, period, failureThreshold, in seconds.
READINESS, LIVENESS = (10, 2, 5, 10), (120, 2, 5, 5)
MASTER_KEY = bytes(range(32))
POD_IP = "10.1.2.3"


def kustomized(change=lambda folder: None):
    """The YAML of a copy that has a key, after `change` of it."""
    with tempfile.TemporaryDirectory(prefix="yeyak-kubernetes-") as home:
        folder = pathlib.Path(home) / "kubernetes"
        shutil.copytree(ROOT / "deploy/kubernetes", folder)
        (folder / "keys/master.key").write_bytes(MASTER_KEY)
        change(folder)
        run = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True,
                             timeout=60)
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        return run.stdout


def checked(yaml):
    subprocess.run([NPM / "install"], check=True, timeout=300)
    return subprocess.run(["node", NPM / "kubernetes.mjs"], input=yaml, capture_output=True, text=True,
                          timeout=120)


@functools.cache
def deployed():
    run = checked(kustomized())
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return json.loads(run.stdout)


class Case(unittest.TestCase):
    def setUp(self):
        self.resources = deployed()

    def named(self, kind, name="yeyak"):
        found, = [each for each in self.resources if each["kind"] == kind and
                  (each["metadata"]["name"] == name or each["metadata"]["name"].startswith(name + "-")
                   and kind in ("ConfigMap", "Secret"))]
        return found

    def pod(self):
        return self.named("StatefulSet")["spec"]["template"]["spec"]

    def container(self):
        container, = self.pod()["containers"]
        return container


class Api(Case):
    def test_a_mistake_is_found(self):
        yaml = kustomized()
        for right, wrong, told in (
                ("replicas: 1", "replicas: one", "replicas"),
                ("replicas: 1", "replica: 1", "replica"),
                ("readOnlyRootFilesystem", "readOnlyRootFileSystem", "readOnlyRootFileSystem"),
                ("periodSeconds: 5", "periodSecond: 5", "periodSecond"),
                ("apiVersion: policy/v1", "apiVersion: policy/v1beta9", "policy/v1beta9"),
                ("minAvailable: 1", "minAvailable: [1]", "minAvailable"),
                ("kind: Ingress\n", "kind: Ingres\n", "Ingres")):
            self.assertIn(right, yaml)
            run = checked(yaml.replace(right, wrong))
            self.assertEqual(run.returncode, 1, wrong)
            self.assertIn(told, run.stderr)

    def test_all_that_is_needed_is_there(self):
        kinds = {each["kind"] for each in self.resources}
        self.assertLessEqual({"StatefulSet", "Service", "Ingress", "Secret", "ConfigMap", "NetworkPolicy",
                              "PodDisruptionBudget", "Namespace"}, kinds)
        self.assertNotIn("HorizontalPodAutoscaler", kinds)  # one writer
        self.assertEqual({each["metadata"].get("namespace") for each in self.resources
                          if each["kind"] != "Namespace"}, {"yeyak"})


class Pod(Case):
    def test_probes(self):
        container = self.container()
        for name, values in (("readiness", READINESS), ("liveness", LIVENESS)):
            probe = container[name + "Probe"]
            self.assertEqual((probe["initialDelaySeconds"], probe["timeoutSeconds"],
                              probe["periodSeconds"], probe["failureThreshold"]), values, name)
            self.assertEqual(probe["httpGet"]["path"], "/actuator/health/" + name)
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        self.assertEqual(ports[container["livenessProbe"]["httpGet"]["port"]], 8080)

    def test_the_kinds_of_vaccine_come_from_a_config_map_that_must_be_there(self):
        """PHN-A10, VAC-O7."""
        env = {each["name"]: each for each in self.container()["env"]}
        wanted = env["VACCINE_TYPE"]["valueFrom"]["configMapKeyRef"]
        self.assertFalse(wanted["optional"])
        map_of_types = self.named("ConfigMap", "vaccine-type")
        self.assertEqual(wanted["name"], map_of_types["metadata"]["name"])
        self.assertEqual(map_of_types["data"][wanted["key"]], "Pfizer,Moderna,Janssen,AstraZeneca")
        volumes = {each["name"]: each for each in self.pod()["volumes"]}
        self.assertFalse(volumes["settings"]["configMap"]["optional"])
        self.assertFalse(volumes["keys"]["secret"]["optional"])
        self.assertEqual(volumes["keys"]["secret"]["secretName"],
                         self.named("Secret", "yeyak-keys")["metadata"]["name"])
        self.assertEqual(volumes["settings"]["configMap"]["name"],
                         self.named("ConfigMap")["metadata"]["name"])

    def test_it_may_do_nothing_that_it_need_not(self):
        pod, own = self.pod()["securityContext"], self.container()["securityContext"]
        self.assertEqual((pod["runAsNonRoot"], pod["seccompProfile"]["type"]), (True, "RuntimeDefault"))
        self.assertGreater(pod["runAsUser"], 0)
        self.assertEqual((own["readOnlyRootFilesystem"], own["allowPrivilegeEscalation"],
                          own["privileged"], own["capabilities"]), (True, False, False, {"drop": ["ALL"]}))
        self.assertFalse(self.pod()["automountServiceAccountToken"])
        resources = self.container()["resources"]
        for share in ("requests", "limits"):
            self.assertEqual(set(resources[share]), {"cpu", "memory"})

    def test_one_writer_keeps_its_volume(self):
        spec = self.named("StatefulSet")["spec"]
        self.assertEqual(spec["replicas"], 1)
        claim, = spec["volumeClaimTemplates"]
        mounts = {each["name"]: each["mountPath"] for each in self.container()["volumeMounts"]}
        self.assertEqual(mounts[claim["metadata"]["name"]], "/var/lib/yeyak")
        self.assertEqual(set(mounts), {"data"} | {each["name"] for each in self.pod()["volumes"]})
        # Longer than the program takes to finish what runs.
        self.assertGreater(self.pod()["terminationGracePeriodSeconds"], 20)

    def test_everything_speaks_of_the_same_pod(self):
        labels = self.named("StatefulSet")["spec"]["template"]["metadata"]["labels"]
        pods = self.named("StatefulSet")["spec"]["serviceName"]
        self.assertEqual(self.named("Service", pods)["spec"]["clusterIP"], "None")
        backend = self.named("Ingress")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
        for name in (pods, backend["name"]):
            service = self.named("Service", name)["spec"]
            self.assertLessEqual(service["selector"].items(), labels.items())
            self.assertEqual(service["ports"][0]["targetPort"], "http")
            self.assertEqual(service["ports"][0]["name"], backend["port"]["name"])
        for kind, selector in (("NetworkPolicy", "podSelector"), ("PodDisruptionBudget", "selector")):
            of = self.named(kind)["spec"][selector]["matchLabels"]
            self.assertLessEqual(of.items(), labels.items(), kind)


class Program(Case):
    """The real program, started with what the pod gives it; its folders are of this machine."""

    def setUp(self):
        super().setUp()
        made = tempfile.TemporaryDirectory(prefix="yeyak-kubernetes-")
        self.addCleanup(made.cleanup)
        self.home = pathlib.Path(made.name)
        (self.home / "yeyak.toml").write_text(self.named("ConfigMap")["data"]["yeyak.toml"])
        (self.home / "master.key").write_bytes(MASTER_KEY)

    def variables(self):
        given = {each["name"]: each.get("value", "") for each in self.container()["env"]}
        return {"YEYAK_HTTP_HOSTS": given["YEYAK_HTTP_HOSTS"].replace("$(POD_IP)", POD_IP),
                "VACCINE_TYPE": self.named("ConfigMap", "vaccine-type")["data"]["type"],
                "YEYAK_CONFIG": str(self.home / "yeyak.toml"),
                "YEYAK_PRIVACY_MASTER_KEY_FILE": str(self.home / "master.key"),
                "YEYAK_BACKUP_DIR": str(self.home / "backups")}

    def test_its_probes_are_answered(self):
        server = harness.Server("--vaccination-initial-stock", "5", system=None, env=self.variables())
        self.addCleanup(server.close)
        client = server.start().client()
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            path = self.container()[probe]["httpGet"]["path"]
            answer = client.get(path, {"Host": f"{POD_IP}:8080"})
            self.assertEqual(answer.status, 200, f"{probe}: {answer}")
        # Everything else asks who comes, and by which name.
        self.assertEqual(client.get("/events", {"Host": "yeyak.yeyak.svc:8080"}).status, 401)
        self.assertEqual(client.get("/events", {"Host": "evil.example"}).status, 403)

    def test_no_empty_list_of_vaccines(self):
        """PHN-A10."""
        run = subprocess.run([harness.binary, "serve", "--data", self.home / "data"], text=True,
                             capture_output=True, timeout=60,
                             env={**harness.clean_environment(), **self.variables(), "VACCINE_TYPE": ""})
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn("VACCINATION_TYPES", run.stderr)
        self.assertFalse((self.home / "data").exists())


if __name__ == "__main__":
    main()
