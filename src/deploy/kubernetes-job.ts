import { type DeployFile, type Deployment, deployedName } from './deployment.ts';
import { yamlText } from './yaml-text.ts';

/** A CronJob with its volume, for the image that `deploy docker` describes. */
export function kubernetesFiles(deployment: Deployment): DeployFile[] {
  const { pipeline, schedule, variables, longest } = deployment;
  const name = deployedName(deployment);
  const limit = longest === undefined ? '' : `      activeDeadlineSeconds: ${Math.ceil(longest / 1000) + MARGIN}\n`;
  const env = variables.map(
    (variable) => `                - name: ${variable}
                  valueFrom:
                    secretKeyRef: { name: ${name}, key: ${variable}, optional: true }`,
  );
  const literals = variables.map((variable) => ` --from-literal=${variable}=…`).join('');
  const metrics =
    deployment.metricsFile === undefined
      ? ''
      : '              # The image writes metrics into the volume. For a collector: mount its folder (hostPath), and set PIPELINE__METRICS_FILE.\n';
  const content = `# dezgo-elt, pipeline ${pipeline}. The image is that of \`dezgo-elt deploy docker\`.
#   kubectl create secret generic ${name}${literals}
#   kubectl apply -f ${name}.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${name}
spec:
  schedule: ${yamlText(schedule.cron)}
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
${limit}      backoffLimit: 2
      # Configuration, key, schema, balance: what trying again does not mend.
      podFailurePolicy:
        rules:
          - action: FailJob
            onExitCodes: { operator: In, values: [2, 4, 7, 8] }
      template:
        spec:
          restartPolicy: Never
          securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 }
          terminationGracePeriodSeconds: 300
          containers:
            - name: load
              image: ${name}:latest
              args: [run, --quiet]
              securityContext:
                allowPrivilegeEscalation: false
                capabilities: { drop: [ALL] }
${env.length === 0 ? '' : `              env:\n${env.join('\n')}\n`}${metrics}              volumeMounts:
                - { name: data, mountPath: /data }
          volumes:
            - name: data
              persistentVolumeClaim: { claimName: ${name} }
`;
  return [{ path: `${name}.yaml`, content }];
}

// --- internal ---

/** Seconds beside `pipeline.timeout`: a load that has begun is finished. */
const MARGIN = 900;
