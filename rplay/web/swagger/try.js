// The API tried out on this server. A session's token goes behind "Authorize".
SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null, persistAuthorization: false });
