"""Items as they stand at one moment: their vectors, their fields, what filters ask of them."""
