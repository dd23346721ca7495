// The main job over a client whose types come from the description: sign up, find a client, talk, save, have it reviewed.
import createClient from "openapi-fetch";
import type { paths } from "./api";

const [base, email] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl: base });

function sure<T>(answer: { data?: T; error?: unknown }): T {
  if (!answer.data) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const signedUp = sure(await api.POST("/api/auth/register", { body: { name: "Typed Script", email: email!, password: "Described1" } }));
const headers = { Authorization: `Bearer ${signedUp.data.token}` };
const made = sure(await api.POST("/api/agents/profile/generate", { headers, body: { industry: "insurance", difficulty: "beginner" } }));
const profile: { name: string; occupation: string } = made.profile;
const begun = sure(await api.POST("/api/simulation", { headers, body: { industry: "insurance", difficulty: "beginner", clientProfile: { ...made.profile } } }));
const asked = [{ role: "user", content: "Hello, what is your name?" }];
const settings = { industry: "insurance", simulationId: begun.data.simulation_id };
const answered = sure(await api.POST("/api/chat/client-response", { headers, body: { messages: asked, clientProfile: { ...made.profile }, simulationSettings: settings } }));
const turns = [...asked, { role: "assistant", content: answered.message }];
sure(await api.PATCH("/api/simulation/{simulation_id}", { headers, params: { path: { simulation_id: begun.data.id } }, body: { conversation_history: turns } }));
const reviewed = sure(await api.POST("/api/simulation/generate-review", { headers, body: { messages: turns } }));
const score: number = reviewed.data.overallScore;
console.log(JSON.stringify({ profile: profile.name, said: answered.message, score, names: reviewed.data.competencyScores.map((one) => one.name) }));
