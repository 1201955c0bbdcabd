"""HTTP messages: headers, bodies, answers, problem details."""
