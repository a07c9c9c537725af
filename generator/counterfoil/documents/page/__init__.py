"""What an operation says on a page of any markup: fields, samples, commands → an OpenAPI tree with evidence."""
